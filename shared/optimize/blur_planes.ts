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
