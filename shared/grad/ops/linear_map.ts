import { InputError } from "../../errors.ts";
import type { Emitter } from "../emitter.ts";

/** A matrix of `rows` x `columns` in row-major order. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
}

/** Elements of a matrix: 256 MiB; an axis of 8,192 resized to as many more. */
const MAX_MATRIX = 2 ** 26;

/** @throws {InputError} If a matrix is too large to be a part of a graph. */
export function checkMatrix(rows: number, columns: number): void {
  if (rows * columns <= MAX_MATRIX) return;
  throw new InputError(
    `Cannot differentiate the graph: a map from ${columns} to ${rows} elements of an axis takes ` +
      `${rows * columns} numbers, expected ${MAX_MATRIX} at most`,
  );
}

/**
 * A matrix of zeros.
 *
 * @throws {InputError} If it is too large to be a part of a graph.
 */
export function zeroMatrix(rows: number, columns: number): Matrix {
  checkMatrix(rows, columns);
  return { rows, columns, data: new Float32Array(rows * columns) };
}

/**
 * The transpose of a linear map along one axis: with Y = M X there, what dX is for a given dY.
 *
 * A product with a constant matrix is the one form of "scatter and add" that is right,
 * deterministic and fast on every backend.
 *
 * @param matrix M, [extent of Y, extent of X].
 */
export function applyTransposed(e: Emitter, dy: string, axis: number, matrix: Matrix): string {
  const m = e.array(matrix.data, [matrix.rows, matrix.columns], dy);
  return multiplyAlong(e, dy, axis, m);
}

/** `value` multiplied along `axis` from the right with `matrix` [extent, extent of the result]. */
export function multiplyAlong(e: Emitter, value: string, axis: number, matrix: string): string {
  const dims = e.dims(value);
  const after = dims.slice(axis + 1).reduce((a, b) => a * b, 1);
  const columns = e.dims(matrix)[1];
  if (after === 1) {
    const rows = e.reshape(value, [-1, dims[axis]].map((d) => d === -1 ? count(dims, 0, axis) : d));
    return e.reshape(e.matMul(rows, matrix), [
      ...dims.slice(0, axis),
      columns,
      ...dims.slice(axis + 1),
    ]);
  }
  const blocks = e.reshape(value, [count(dims, 0, axis), dims[axis], after]);
  const product = e.matMul(e.transpose(matrix, [1, 0]), blocks);
  return e.reshape(product, [...dims.slice(0, axis), columns, ...dims.slice(axis + 1)]);
}

const count = (dims: readonly number[], from: number, to: number) =>
  dims.slice(from, to).reduce((a, b) => a * b, 1);

/** The map that reads element `sources[i]` into place i; a negative source reads nothing. */
export function selection(sources: readonly number[], extent: number): Matrix {
  const matrix = zeroMatrix(sources.length, extent);
  sources.forEach((source, i) => {
    if (source >= 0) matrix.data[i * extent + source] = 1;
  });
  return matrix;
}
