import { uniformAt } from "../../tensor/random.ts";
import { type Matrix, rowOf } from "./matrix.ts";

const MOST_STEPS = 1000;

/** Of both components together. */
export const MOST_PCA_STEPS = 2 * MOST_STEPS;
const TOLERANCE = 1e-12;

/** The rows in the plane of their two largest principal components. */
export interface Projection {
  /** [rows, 2]; a component's largest entry has a positive sign. */
  readonly points: Matrix;
  /** Share of the variance in each. */
  readonly explained: readonly number[];
}

/**
 * Principal components by power iteration, one after the other, on the centred rows. Yields after
 * each iteration.
 */
export function* pca(matrix: Matrix): Generator<void, Projection, void> {
  const centred = centre(matrix);
  const { rows, columns } = centred;
  const total = centred.data.reduce((sum, value) => sum + value * value, 0);
  const axes: Float64Array[] = [];
  const points = new Float64Array(rows * 2);
  const explained: number[] = [];
  for (const component of [0, 1]) {
    const axis = yield* principalAxis(centred, axes, component);
    axes.push(axis);
    let variance = 0;
    for (let i = 0; i < rows; i++) {
      const score = dot(rowOf(centred, i), axis);
      points[2 * i + component] = score;
      variance += score * score;
    }
    explained.push(total > 0 ? variance / total : 0);
  }
  const isPlane = columns > 1;
  return {
    points: { rows, columns: 2, data: points },
    explained: isPlane ? explained : [explained[0], 0],
  };
}

function centre({ rows, columns, data }: Matrix): Matrix {
  const mean = new Float64Array(columns);
  data.forEach((value, i) => mean[i % columns] += value / rows);
  return { rows, columns, data: data.map((value, i) => value - mean[i % columns]) };
}

/** The direction of largest variance that is orthogonal to those found before. */
function* principalAxis(
  matrix: Matrix,
  before: readonly Float64Array[],
  seed: number,
): Generator<void, Float64Array, void> {
  let axis = Float64Array.from({ length: matrix.columns }, (_, k) => uniformAt(seed, k) - 0.5);
  normalise(axis, before);
  for (let step = 0; step < MOST_STEPS; step++) {
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

/** InputSpec out the directions `before` and scales to length 1; false if nothing is left. */
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

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}
