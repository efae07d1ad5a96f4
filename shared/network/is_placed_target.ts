import { elementCount } from "../tensor/tensor.ts";
import type { ScoreSpec } from "./score_target.ts";

type Tests = {
  readonly [Kind in ScoreSpec["kind"]]: (
    spec: Extract<ScoreSpec, { readonly kind: Kind }>,
  ) => boolean;
};

const TESTS: Tests = {
  "energy": () => false,
  "log-probability": () => false,
  "region": ({ weights }) => weights.some((weight) => weight !== weights[0]),
  "similarity": ({ features: { dims } }) => elementCount(dims.slice(2)) > 1,
  "sum": ({ terms }) => terms.some(({ at }) => at.row !== undefined),
};

/** Whether a target is about certain places of the image, which move with it. */
export function isPlacedTarget(spec: ScoreSpec): boolean {
  const test = TESTS[spec.kind] as (spec: ScoreSpec) => boolean;
  return test(spec);
}
