import type { Network } from "../../shared/network/network.ts";
import {
  columnOf,
  evaluateTile,
  occlusionGrid,
  type OcclusionOptions,
  planOcclusion,
  Refinement,
} from "../../shared/methods/occlusion/mod.ts";
import { attributionOf } from "../../shared/methods/occlusion/arrays.ts";
import type { MethodInput } from "../../shared/contract/method.ts";
import { spearman } from "../../shared/metrics/spearman.ts";

/** Shares of the positions after which the map is looked at. */
const SHARES = [0.1, 0.2, 0.3];

/** How much like the final map an unfinished one is. */
export interface RefinementStage {
  readonly model: string;
  readonly positions: number;
  /** Positions that are known; all others are interpolated. */
  readonly known: number;
  /** Rank correlation with the final map: of the score at each position, of each pixel's drop. */
  readonly scores: number;
  readonly attribution: number;
}

/** Computes a map in the order in which a visitor gets it, and compares stages with the end. */
export async function watchRefinement(
  network: Network,
  input: MethodInput,
  options: OcclusionOptions,
  tile: number,
  signal: AbortSignal,
): Promise<RefinementStage[]> {
  const plan = await planOcclusion(network, input, options, { signal });
  const positions = plan.rows * plan.columns;
  const refinement = new Refinement(plan.rows, plan.columns);
  const stages: { known: number; scores: Float64Array }[] = [];
  const shares = [...SHARES];
  let known = 0;
  for (let some = refinement.take(tile); some.length > 0; some = refinement.take(tile)) {
    const share = shares.at(0);
    // The last tile that is still within the share.
    if (share !== undefined && known + some.length > share * positions) {
      shares.shift();
      const scores = refinement.preview();
      // In a small map that may be before the coarsest lattice is complete.
      if (!scores.some(Number.isNaN)) stages.push({ known, scores });
    }
    const part = await evaluateTile(network, plan, some, { signal });
    const values = columnOf(part.values, plan.score);
    some.forEach((position, i) => refinement.add(position, values[i]));
    known += some.length;
  }
  const [, , height, width] = input.tensor.dims;
  const { windows } = occlusionGrid(height, width, options.window, options.stride);
  const attribution = (scores: Float64Array) =>
    attributionOf([1, 1, height, width], windows, scores.map((score) => -score)).data;
  const final = refinement.preview();
  return stages.map(({ known, scores }) => ({
    model: network.id,
    positions,
    known,
    scores: spearman(scores, final),
    attribution: spearman(attribution(scores), attribution(final)),
  }));
}
