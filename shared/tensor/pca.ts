import { dot, type Matrix, rowOf } from "./tensor.ts";
import { uniformAt } from "./random.ts";

/** Steps of one component, at most. */
export const MOST_PCA_STEPS = 1000;

const TOLERANCE = 1e-12;

/** Rows in the space of their largest principal components. */
export interface Projection {
  /** [rows, components]; a component's largest entry has a positive sign. */
  readonly points: Matrix;
  /** Share of the variance in each. */
  readonly explained: readonly number[];
  /** Of each component, of length 1; zeros where no variance is left. */
  readonly axes: readonly Float64Array[];
  /** Of the rows. */
  readonly mean: Float64Array;
}

/**
 * Principal components by power iteration, one after the other, on the centred rows. Yields after
 * each iteration.
 *
 * @param components How many are found, the one of the largest variance first.
 */
export function* pca(matrix: Matrix, components = 2): Generator<void, Projection, void> {
  const mean = meanOf(matrix);
  const { rows, columns } = matrix;
  const centred = { rows, columns, data: matrix.data.map((value, i) => value - mean[i % columns]) };
  const total = centred.data.reduce((sum, value) => sum + value * value, 0);
  const axes: Float64Array[] = [];
  const points = new Float64Array(rows * components);
  const explained: number[] = [];
  for (let component = 0; component < components; component++) {
    const axis = yield* principalAxis(centred, axes, component);
    axes.push(axis);
    let variance = 0;
    for (let i = 0; i < rows; i++) {
      const score = dot(rowOf(centred, i), axis);
      points[components * i + component] = score;
      variance += score * score;
    }
    explained.push(total > 0 && component < columns ? variance / total : 0);
  }
  return { points: { rows, columns: components, data: points }, explained, axes, mean };
}

function meanOf({ rows, columns, data }: Matrix): Float64Array {
  const mean = new Float64Array(columns);
  data.forEach((value, i) => mean[i % columns] += value / rows);
  return mean;
}

/** The direction of largest variance that is orthogonal to those found before. */
function* principalAxis(
  matrix: Matrix,
  before: readonly Float64Array[],
  seed: number,
): Generator<void, Float64Array, void> {
  let axis = Float64Array.from({ length: matrix.columns }, (_, k) => uniformAt(seed, k) - 0.5);
  normalise(axis, before);
  for (let step = 0; step < MOST_PCA_STEPS; step++) {
    const next = new Float64Array(matrix.columns);
    for (let i = 0; i < matrix.rows; i++) {
      const row = rowOf(matrix, i);
      const score = dot(row, axis);
      for (let k = 0; k < row.length; k++) next[k] += score * row[k];
    }
    if (!normalise(next, before)) break;
    const change = 1 - Math.abs(dot(next, axis));
    axis = next;
    if (change < TOLERANCE) break;
    yield;
  }
  const largest = axis.reduce(
    (best, value, k) => Math.abs(value) > Math.abs(axis[best]) ? k : best,
    0,
  );
  return axis[largest] < 0 ? axis.map((value) => -value) : axis;
}

/** Takes out the directions `before` and scales to length 1; false if nothing is left. */
function normalise(axis: Float64Array, before: readonly Float64Array[]): boolean {
  const size = Math.sqrt(dot(axis, axis));
  for (const other of before) {
    const share = dot(axis, other);
    for (let k = 0; k < axis.length; k++) axis[k] -= share * other[k];
  }
  const length = Math.sqrt(dot(axis, axis));
  const isLeft = length > 1e-10 * size;
  for (let k = 0; k < axis.length; k++) axis[k] = isLeft ? axis[k] / length : 0;
  return isLeft;
}
