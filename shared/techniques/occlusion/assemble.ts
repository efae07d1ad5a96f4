import type { TechniqueResult } from "../technique.ts";
import { occlusionArrays } from "./arrays.ts";
import type { OcclusionPlan } from "./plan.ts";
import type { OcclusionPart } from "./tile.ts";

/** The result of a plan, as far as its parts have arrived, in whatever order. */
export function assembleOcclusion(
  plan: OcclusionPlan,
  parts: Iterable<OcclusionPart>,
): TechniqueResult {
  const arrays = occlusionArrays(plan, parts);
  return { pictures: {}, arrays: { ...arrays }, measures: {} };
}
