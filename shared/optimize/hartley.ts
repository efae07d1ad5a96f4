/**
 * The real form of the Fourier transform: its basis functions are cas(x) = cos(x) + sin(x), and one
 * orthonormal, symmetric matrix an axis leads from spectrum to image and back.
 *
 * @see Bracewell, "Discrete Hartley transform", Journal of the Optical Society of America, 1983
 * @module
 */

/** The n x n matrix cas(2 pi j k / n) / sqrt(n), which is its own inverse; row-major. */
export function hartleyMatrix(n: number): Float32Array {
  const matrix = new Float32Array(n * n);
  for (let j = 0; j < n; j++) {
    for (let k = 0; k < n; k++) {
      // The remainder keeps the angle small, and so exact.
      const angle = 2 * Math.PI * ((j * k) % n) / n;
      matrix[j * n + k] = (Math.cos(angle) + Math.sin(angle)) / Math.sqrt(n);
    }
  }
  return matrix;
}

/** Frequency of each place of a spectrum of `height` x `width`, in cycles per pixel; row-major. */
export function frequencies(height: number, width: number): Float32Array {
  const along = (k: number, n: number) => Math.min(k, n - k) / n;
  return Float32Array.from(
    { length: height * width },
    (_, i) => Math.hypot(along(Math.floor(i / width), height), along(i % width, width)),
  );
}
