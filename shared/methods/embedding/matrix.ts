import { type Matrix, rowOf } from "../../tensor/tensor.ts";
import { InputError } from "../../errors.ts";
import type { EmbeddingOptions } from "./options.ts";

export { type Matrix, rowOf };

/** Squared Euclidean distances of all rows from each other; symmetric. */
export function squaredDistances(matrix: Matrix): Matrix {
  const { rows } = matrix;
  const data = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    const a = rowOf(matrix, i);
    for (let j = 0; j < i; j++) {
      const b = rowOf(matrix, j);
      let sum = 0;
      for (let k = 0; k < a.length; k++) sum += (a[k] - b[k]) ** 2;
      data[i * rows + j] = data[j * rows + i] = sum;
    }
  }
  return { rows, columns: rows, data };
}

/** For each row, all other rows from near to far; of equals, the one with the lower number first. */
export function neighbourLists({ rows, data }: Matrix): Int32Array[] {
  return Array.from({ length: rows }, (_, i) => {
    const others = Int32Array.from({ length: rows - 1 }, (_, k) => k < i ? k : k + 1);
    const from = i * rows;
    return others.sort((a, b) => data[from + a] - data[from + b] || a - b);
  });
}

/**
 * Features whose Euclidean distances are ordered as the metric orders them: for cosine and correlation
 * the squared distance is 2 (1 - similarity).
 *
 * @throws {RangeError} If the metric is not defined for features; with its number.
 */
export function withMetric(features: Matrix, metric: EmbeddingOptions["metric"]): Matrix {
  if (metric === "euclidean") return features;
  const result = { ...features, data: features.data.slice() };
  for (let i = 0; i < features.rows; i++) {
    const row = rowOf(result, i);
    const mean = metric === "correlation" ? row.reduce((a, b) => a + b, 0) / row.length : 0;
    const length = Math.sqrt(row.reduce((sum, value) => sum + (value - mean) ** 2, 0));
    if (!(length > 0)) {
      throw new InputError(
        `Cannot compare features by ${metric}: that of image ${i} is ` +
          `${metric === "cosine" ? "zero" : "the same everywhere"}; valid is "euclidean"`,
      );
    }
    row.forEach((value, k) => row[k] = (value - mean) / length);
  }
  return result;
}
