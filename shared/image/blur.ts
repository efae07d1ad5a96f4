import { float32, type Tensor } from "../tensor/tensor.ts";

/** The kernel ends where it has fallen to e^-8 of its middle. */
const TRUNCATE = 4;

/**
 * Blurs each plane of [1, C, H, W] with a Gaussian of `sigma` pixels; beyond the border the image
 * is mirrored, edge pixels included. As SciPy's `gaussian_filter` by default.
 */
export function blurPlanes({ data, dims }: Tensor<"float32">, sigma: number): Tensor<"float32"> {
  const [, channels, height, width] = dims;
  const kernel = gaussian(sigma);
  const rows = { count: channels * height, length: width, step: 1 };
  const columns = { count: width, length: height, step: width };
  const blurred = new Float32Array(data.length);
  blurLines(data, blurred, kernel, { ...rows, startOf: (line) => line * width });
  const result = new Float32Array(data.length);
  for (let c = 0; c < channels; c++) {
    const startOf = (line: number) => c * height * width + line;
    blurLines(blurred, result, kernel, { ...columns, startOf });
  }
  return float32(result, dims);
}

function gaussian(sigma: number): number[] {
  const radius = Math.trunc(TRUNCATE * sigma + 0.5);
  const weights = Array.from(
    { length: 2 * radius + 1 },
    (_, i) => Math.exp(-0.5 * ((i - radius) / (sigma || 1)) ** 2),
  );
  const sum = weights.reduce((total, weight) => total + weight);
  return weights.map((weight) => weight / sum);
}

interface Lines {
  readonly count: number;
  readonly length: number;
  readonly step: number;
  startOf(line: number): number;
}

function blurLines(
  from: Float32Array,
  to: Float32Array,
  kernel: readonly number[],
  { count, length, step, startOf }: Lines,
): void {
  const radius = kernel.length >> 1;
  const places = Array.from({ length: length + 2 * radius }, (_, i) => mirror(i - radius, length));
  for (let line = 0; line < count; line++) {
    const start = startOf(line);
    for (let i = 0; i < length; i++) {
      let sum = 0;
      for (let k = 0; k < kernel.length; k++) sum += kernel[k] * from[start + places[i + k] * step];
      to[start + i * step] = sum;
    }
  }
}

/** The place within 0..length-1 that shows at `i`: d c b a | a b c d | d c b a. */
function mirror(i: number, length: number): number {
  const turn = ((i % (2 * length)) + 2 * length) % (2 * length);
  return turn < length ? turn : 2 * length - 1 - turn;
}

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

/** Blurs a plane; at the border the weights inside are scaled up to sum to 1. */
export function blurWithin(
  plane: Float32Array,
  height: number,
  width: number,
  sigma: number,
): Float32Array {
  const radius = Math.ceil(3 * sigma);
  const kernel = Float64Array.from(
    { length: 2 * radius + 1 },
    (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  );
  /** Blurs lines of `length` elements `step` apart. */
  const pass = (from: Float32Array, length: number, step: number, starts: number[]) => {
    const to = new Float32Array(from.length);
    for (const start of starts) {
      for (let at = 0; at < length; at++) {
        let sum = 0;
        let weights = 0;
        const last = Math.min(length - 1, at + radius);
        for (let near = Math.max(0, at - radius); near <= last; near++) {
          const weight = kernel[near - at + radius];
          sum += weight * from[start + near * step];
          weights += weight;
        }
        to[start + at * step] = sum / weights;
      }
    }
    return to;
  };
  const rows = Array.from({ length: height }, (_, y) => y * width);
  const columns = Array.from({ length: width }, (_, x) => x);
  return pass(pass(plane, width, 1, rows), height, width, columns);
}
