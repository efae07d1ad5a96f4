import { type Matrix, rowOf } from "../../tensor/tensor.ts";

/**
 * How much of each token reaches each other through layers of attention with a way around each: the
 * product of (A + I) / 2.
 *
 * @param layers The mean over heads of each, [queries, keys], in running order.
 * @returns [queries, tokens of the first layer]; rows sum to 1.
 * @see Abnar and Zuidema, "Quantifying Attention Flow in Transformers", ACL 2020
 */
export function rollout(layers: readonly Matrix[]): Matrix {
  const [first, ...rest] = layers.map(withIdentity);
  return rest.reduce((below, layer) => product(layer, below), first);
}

function withIdentity({ rows, columns, data }: Matrix): Matrix {
  const isDiagonal = (i: number) => Math.floor(i / columns) === i % columns;
  return { rows, columns, data: data.map((value, i) => (value + (isDiagonal(i) ? 1 : 0)) / 2) };
}

function product(a: Matrix, b: Matrix): Matrix {
  const data = new Float64Array(a.rows * b.columns);
  for (let i = 0; i < a.rows; i++) {
    const row = data.subarray(i * b.columns, (i + 1) * b.columns);
    for (let k = 0; k < a.columns; k++) {
      const weight = a.data[i * a.columns + k];
      const below = rowOf(b, k);
      for (let j = 0; j < b.columns; j++) row[j] += weight * below[j];
    }
  }
  return { rows: a.rows, columns: b.columns, data };
}
