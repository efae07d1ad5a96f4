/** Rows of numbers. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** Row by row. */
  readonly data: Float64Array;
}

export const rowOf = ({ data, columns }: Matrix, row: number): Float64Array =>
  data.subarray(row * columns, (row + 1) * columns);

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}
