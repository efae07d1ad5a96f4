import type { Image } from "./image.ts";

/** The kernel ends where it has fallen to e^-8 of its middle. */
const TRUNCATE = 4;

/**
 * Blurs all four channels with a Gaussian, in two passes at full precision; the border pixels are
 * continued outwards. As SciPy's `gaussian_filter(mode="nearest")`.
 *
 * @param sigma Standard deviation in pixels. 0 gives a copy.
 * @throws {RangeError} If `sigma` is negative or not finite.
 */
export function gaussianBlur(image: Image, sigma: number): Image {
  if (!(sigma >= 0 && Number.isFinite(sigma))) {
    throw new RangeError(`Cannot blur with a sigma of ${sigma}: it must be 0 or more`);
  }
  const { width, height, data } = image;
  const kernel = gaussian(sigma);
  const rows = convolve(Float32Array.from(data), kernel, height, width, 4 * width, 4);
  const both = convolve(rows, kernel, width, height, 4, 4 * width);
  return { width, height, data: new Uint8ClampedArray(both) };
}

function gaussian(sigma: number): Float64Array {
  const radius = Math.trunc(TRUNCATE * sigma + 0.5);
  const kernel = Float64Array.from(
    { length: 2 * radius + 1 },
    (_, i) => Math.exp(-0.5 * ((i - radius) / (sigma || 1)) ** 2),
  );
  const sum = kernel.reduce((total, weight) => total + weight);
  return kernel.map((weight) => weight / sum);
}

/**
 * Convolves `lines` lines of `length` pixels; `lineStep` leads to the next line, `step` to the next
 * pixel of a line.
 */
function convolve(
  source: Float32Array,
  kernel: Float64Array,
  lines: number,
  length: number,
  lineStep: number,
  step: number,
): Float32Array {
  const radius = kernel.length >> 1;
  const result = new Float32Array(source.length);
  for (let line = 0; line < lines; line++) {
    for (let i = 0; i < length; i++) {
      for (let channel = 0; channel < 4; channel++) {
        const base = line * lineStep + channel;
        let sum = 0;
        for (let k = -radius; k <= radius; k++) {
          const at = Math.min(length - 1, Math.max(0, i + k));
          sum += kernel[k + radius] * source[base + at * step];
        }
        result[base + i * step] = sum;
      }
    }
  }
  return result;
}
