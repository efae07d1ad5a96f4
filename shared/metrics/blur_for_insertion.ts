import { float32, type Tensor } from "../tensor/tensor.ts";

/** The blur of the paper's code: 11 pixels wide, of a Gaussian with a deviation of 5. */
const SIDE = 11;
const SIGMA = 5;

/** Where SciPy cuts its Gaussian off, in pixels. */
const CUT = 4 * SIGMA;

/**
 * An image without detail, from which insertion starts. As in the authors' code: what of the
 * Gaussian lies beyond the kernel is folded back into it, and beyond the image's edge there are
 * zeros.
 *
 * @param tensor [1, C, H, W]
 *
 * @see Petsiuk et al., "RISE: Randomized Input Sampling for Explanation of Black-box Models",
 * BMVC 2018
 */
export function blurForInsertion({ dims, data }: Tensor<"float32">): Tensor<"float32"> {
  const [, channels, height, width] = dims;
  const kernel = foldedGaussian();
  const rows = convolve(data, kernel, channels * height * width, width, 1);
  return float32(convolve(rows, kernel, channels * height * width, height, width), dims);
}

/** The weights of the kernel along one axis; their sum is 1. */
export function foldedGaussian(): Float64Array {
  const middle = (SIDE - 1) / 2;
  const weights = Array.from({ length: 2 * CUT + 1 }, (_, i) => {
    return Math.exp(-0.5 * ((i - CUT) / SIGMA) ** 2);
  });
  const sum = weights.reduce((total, weight) => total + weight);
  return Float64Array.from({ length: SIDE }, (_, at) => {
    let folded = 0;
    for (let k = -CUT; k <= CUT; k++) {
      if (reflect(at + k) === middle) folded += weights[k + CUT] / sum;
    }
    return folded;
  });
}

/** The element that stands at a place when the kernel is mirrored at its ends, ends doubled. */
function reflect(at: number): number {
  const around = ((at % (2 * SIDE)) + 2 * SIDE) % (2 * SIDE);
  return Math.min(around, 2 * SIDE - 1 - around);
}

/** Along the axis of `extent` elements that are `step` apart, with zeros beyond its ends. */
function convolve(
  source: Float32Array,
  kernel: Float64Array,
  count: number,
  extent: number,
  step: number,
): Float32Array {
  const radius = kernel.length >> 1;
  const result = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const at = Math.floor(i / step) % extent;
    let sum = 0;
    for (let k = Math.max(-radius, -at); k <= Math.min(radius, extent - 1 - at); k++) {
      sum += kernel[k + radius] * source[i + k * step];
    }
    result[i] = sum;
  }
  return result;
}
