import { dot, rowOf } from "../../tensor/tensor.ts";
import type { Projection } from "../../tensor/pca.ts";
import type { Features } from "./features.ts";

/**
 * The cosine similarity of each position with a vector, [h, w]; 0 where all features are 0.
 *
 * @param vector Of other than zeros.
 */
export function cosines({ vectors, norms }: Features, vector: Float64Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector));
  return Float32Array.from(
    norms,
    (norm, i) => norm === 0 ? 0 : dot(rowOf(vectors, i), vector) / (norm * length),
  );
}

/** The coordinates of each position along principal components, [components, h, w]. */
export function components(
  { vectors: { rows, columns, data } }: Features,
  { axes, mean }: Pick<Projection, "axes" | "mean">,
): Float32Array {
  const centred = { rows, columns, data: data.map((value, i) => value - mean[i % columns]) };
  return Float32Array.from(
    { length: axes.length * rows },
    (_, i) => dot(rowOf(centred, i % rows), axes[Math.floor(i / rows)]),
  );
}
