import { float32, type Tensor } from "../../tensor/tensor.ts";
import { attributionOf } from "./attribution.ts";
import { occlusionGrid } from "./grid.ts";
import type { OcclusionPlan } from "./plan.ts";
import { columnOf, COLUMNS } from "./inference.ts";
import type { OcclusionPart } from "./tile.ts";

/** The arrays of an occlusion map. Positions that are not known yet are NaN. */
export interface OcclusionArrays {
  /**
   * [positions, 2], row by row: logit and probability of the target. The probabilities are NaN where
   * only the logit is measured.
   */
  readonly scores: Tensor<"float32">;
  /** [1, C, H, W]: mean drop of the chosen score over the windows that cover a pixel. */
  readonly attribution: Tensor<"float32">;
  /** [rows, columns]: index of the most probable class; only where more than the logit is measured. */
  readonly topClass?: Tensor<"float32">;
  /** [rows, columns]: its probability; only where more than the logit is measured. */
  readonly topProbability?: Tensor<"float32">;
  /** [rows, columns]: total activation of the layer's strongest channel. */
  readonly layerSum?: Tensor<"float32">;
}

/** Puts parts together, in whatever order and however many there are. */
export function occlusionArrays(
  plan: OcclusionPlan,
  parts: Iterable<OcclusionPart>,
): OcclusionArrays {
  const { job, rows, columns, score, unoccluded } = plan;
  const { windows } = occlusionGrid(job.dims[2], job.dims[3], job.window, job.stride);
  const width = COLUMNS.length;
  const values = new Float32Array(windows.length * width).fill(NaN);
  for (const part of parts) {
    for (const [i, position] of part.positions.entries()) {
      values.set(part.values.subarray(i * width, (i + 1) * width), position * width);
    }
  }
  const map = (name: typeof COLUMNS[number]) =>
    float32(Float32Array.from(columnOf(values, name)), [rows, columns]);
  const [logit, probability] = [columnOf(values, "logit"), columnOf(values, "probability")];
  const scored = score === "logit" ? logit : probability;
  const drops = Float64Array.from(scored, (value) => unoccluded[score] - value);
  const pairs = Float32Array.from(
    { length: 2 * windows.length },
    (_, i) => (i % 2 === 0 ? logit : probability)[i >> 1],
  );
  return {
    scores: float32(pairs, [windows.length, 2]),
    attribution: attributionOf(job.dims, windows, drops),
    ...job.measures === "all" && {
      topClass: map("topClass"),
      topProbability: map("topProbability"),
    },
    ...job.layer && { layerSum: map("layerSum") },
  };
}
