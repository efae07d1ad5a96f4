import { InputError } from "../errors.ts";
import type { Grid } from "../image/mod.ts";

/** The window, and the constants that keep the quotients steady, as in the paper. */
const SIDE = 11;
const SIGMA = 1.5;
const K1 = 0.01;
const K2 = 0.03;

/**
 * Structural similarity of two maps: 1 where they are equal, near 0 where nothing corresponds. The
 * mean over all windows of 11 x 11, weighted by a Gaussian, that lie within the map.
 *
 * @param range How far values can be apart. @default largest less smallest value of both maps
 * @throws {RangeError} If the maps differ in size or are smaller than a window.
 *
 * @see Wang et al., "Image Quality Assessment: From Error Visibility to Structural Similarity",
 * IEEE Transactions on Image Processing 2004
 */
export function ssim(a: Grid, b: Grid, range: number = spread(a, b)): number {
  const { width, height } = a;
  if (b.width !== width || b.height !== height || width < SIDE || height < SIDE) {
    throw new InputError(
      `Cannot compare a map of ${width} x ${height} with one of ${b.width} x ${b.height}: ` +
        `expected the same size, ${SIDE} x ${SIDE} or more`,
    );
  }
  const mean = (value: (i: number) => number) => windowMeans(width, height, value);
  const [x, y] = [a.values, b.values];
  const [meanX, meanY] = [mean((i) => x[i]), mean((i) => y[i])];
  const squareX = mean((i) => x[i] ** 2);
  const squareY = mean((i) => y[i] ** 2);
  const product = mean((i) => x[i] * y[i]);
  // A range of 0 means equal constant maps; any constant above 0 then gives 1.
  const [c1, c2] = [K1, K2].map((k) => (k * (range || 1)) ** 2);
  let sum = 0;
  for (let i = 0; i < product.length; i++) {
    const [mx, my] = [meanX[i], meanY[i]];
    const varianceSum = squareX[i] - mx * mx + squareY[i] - my * my;
    const covariance = product[i] - mx * my;
    sum += (2 * mx * my + c1) * (2 * covariance + c2) /
      ((mx * mx + my * my + c1) * (varianceSum + c2));
  }
  return sum / product.length;
}

function spread(a: Grid, b: Grid): number {
  let [least, most] = [Infinity, -Infinity];
  for (const { values } of [a, b]) {
    for (let i = 0; i < values.length; i++) {
      least = Math.min(least, values[i]);
      most = Math.max(most, values[i]);
    }
  }
  return most - least;
}

const KERNEL = kernel();

function kernel(): Float64Array {
  const weights = Float64Array.from(
    { length: SIDE },
    (_, i) => Math.exp(-0.5 * ((i - (SIDE - 1) / 2) / SIGMA) ** 2),
  );
  const sum = weights.reduce((total, weight) => total + weight);
  return weights.map((weight) => weight / sum);
}

/** The weighted mean of a value in every window, row by row. */
function windowMeans(
  width: number,
  height: number,
  value: (index: number) => number,
): Float64Array {
  const [columns, rows] = [width - SIDE + 1, height - SIDE + 1];
  const across = new Float64Array(columns * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < columns; x++) {
      let sum = 0;
      for (let k = 0; k < SIDE; k++) sum += KERNEL[k] * value(y * width + x + k);
      across[y * columns + x] = sum;
    }
  }
  const result = new Float64Array(columns * rows);
  for (let i = 0; i < result.length; i++) {
    for (let k = 0; k < SIDE; k++) result[i] += KERNEL[k] * across[i + k * columns];
  }
  return result;
}
