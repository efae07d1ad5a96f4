import { InputError } from "../../errors.ts";
import { type Matrix, rowOf } from "./matrix.ts";
import type { EmbeddingOptions } from "./options.ts";

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
