import { UMAP } from "umap-js";
import { uniformAt } from "../../tensor/random.ts";
import { type Matrix, rowOf } from "./matrix.ts";

export interface UmapOptions {
  readonly neighbours: number;
  readonly distance: number;
  readonly seed: number;
}

export interface UmapStep {
  /** Of all steps. */
  readonly total: number;
  /** The points so far. */
  readonly points: () => Matrix;
}

/**
 * UMAP from a random start, with a generator of its own so that a seed gives the same points.
 *
 * @returns [rows, 2]
 * @see McInnes, Healy, Melville, "UMAP: Uniform Manifold Approximation and Projection", 2018
 */
export function* umap(features: Matrix, options: UmapOptions): Generator<UmapStep, Matrix, void> {
  const { neighbours, distance, seed } = options;
  let drawn = 0;
  const layout = new UMAP({
    nNeighbors: neighbours,
    minDist: distance,
    random: () => uniformAt(seed, drawn++),
  });
  const rows = Array.from({ length: features.rows }, (_, i) => [...rowOf(features, i)]);
  const points = (): Matrix => ({
    rows: features.rows,
    columns: 2,
    data: Float64Array.from(layout.getEmbedding().flat()),
  });
  const steps = layout.initializeFit(rows);
  for (let step = 0; step < steps; step++) {
    layout.step();
    yield { total: steps, points };
  }
  return points();
}
