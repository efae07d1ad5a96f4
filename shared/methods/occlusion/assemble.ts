import { describePlan } from "../../incremental/mod.ts";
import type { Json, MethodResult } from "../../contract/method.ts";
import { type OcclusionArrays, occlusionArrays } from "./arrays.ts";
import { occlusionFigure } from "./figures.ts";
import type { OcclusionPlan } from "./plan.ts";
import type { OcclusionPart } from "./tile_kernel.ts";

/** The result of a plan, as far as its parts have arrived, in whatever order. */
export function assembleOcclusion(
  plan: OcclusionPlan,
  parts: Iterable<OcclusionPart>,
): MethodResult {
  const arrays = occlusionArrays(plan, parts);
  return {
    figures: { figure: occlusionFigure(plan, arrays) },
    images: {},
    arrays: { ...arrays },
    measures: measuresOf(plan, arrays),
  };
}

function measuresOf(plan: OcclusionPlan, arrays: OcclusionArrays): Record<string, Json> {
  const { target, unoccluded, rows, columns, labels, job, layerName } = plan;
  const done = arrays.scores.data.filter((value, i) => i % 2 === 0 && !Number.isNaN(value)).length;
  const largest = extremeDrop(plan, arrays);
  return {
    ...job.explained
      ? { target: target.label, quantity: plan.quantity, value: unoccluded.logit }
      : {
        target: { ...target },
        unoccluded: { ...unoccluded, topLabel: labels[unoccluded.topClass] },
      },
    rows,
    columns,
    positions: rows * columns,
    positionsDone: done,
    largestDrop: largest && { ...largest },
    ...arrays.topClass && {
      topClassKept: arrays.topClass.data.filter((index) => index === unoccluded.topClass).length,
    },
    layer: job.layer && { name: layerName, tensor: job.layer.tensor, channel: job.layer.channel },
    inference: job.inference,
    ...plan.incremental && { incremental: describePlan(plan.incremental) },
  };
}

/** The position that the score drops most at, and by how much; null while none is known. */
function extremeDrop(
  { unoccluded, score, columns }: OcclusionPlan,
  { scores }: OcclusionArrays,
): { drop: number; row: number; column: number } | null {
  const offset = score === "logit" ? 0 : 1;
  let best = -1;
  for (let i = 0; 2 * i < scores.data.length; i++) {
    const value = scores.data[2 * i + offset];
    if (Number.isNaN(value)) continue;
    if (best < 0 || value < scores.data[2 * best + offset]) best = i;
  }
  if (best < 0) return null;
  return {
    drop: unoccluded[score] - scores.data[2 * best + offset],
    row: Math.floor(best / columns),
    column: best % columns,
  };
}
