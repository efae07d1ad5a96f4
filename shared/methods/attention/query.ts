import { InputError } from "../../errors.ts";
import { type Matrix, rowOf } from "../../tensor/tensor.ts";
import type { GlobalAttention } from "./find_layer.ts";

/** The token that reads, or the mean over all that have a position. */
export type Query =
  | { readonly kind: "class" }
  | { readonly kind: "mean" }
  | { readonly kind: "position"; readonly row: number; readonly column: number };

/** @throws {InputError} If there is no class token, or no such position. */
export function queryOf(text: string, { map, tensor }: GlobalAttention): Query {
  const { before, height, width } = map;
  if (text === "mean" || (text === "auto" && before === 0)) return { kind: "mean" };
  if (text === "auto" || text === "class") {
    if (before > 0) return { kind: "class" };
    throw new InputError(
      `Cannot show what the class token reads in "${tensor}": there is none before its positions, ` +
        "expected --query mean or <row>,<column>",
    );
  }
  const [row, column] = text.split(",").map(Number);
  if (row < height && column < width) return { kind: "position", row, column };
  throw new InputError(
    `Cannot show what position ${row},${column} reads: there are ${height} x ${width}, expected a ` +
      `row from 0 to ${height - 1} and a column from 0 to ${width - 1}`,
  );
}

/** What the query reads: one row of [queries, keys], or the mean over all positions. */
export function rowFor(matrix: Matrix, query: Query, { map }: GlobalAttention): Float64Array {
  if (query.kind === "class") return rowOf(matrix, 0);
  const { before, width, height } = map;
  if (query.kind === "position") return rowOf(matrix, before + query.row * width + query.column);
  const mean = new Float64Array(matrix.columns);
  for (let i = before; i < before + height * width; i++) {
    rowOf(matrix, i).forEach((value, k) => mean[k] += value / (height * width));
  }
  return mean;
}
