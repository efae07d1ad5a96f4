import { InputError } from "../../errors.ts";
import type { MethodInput } from "../../contract/method.ts";
import { evaluateScore } from "../../network/evaluate_score.ts";
import type { Network } from "../../network/network.ts";
import { resolveScoreTarget } from "../../network/resolve_score_target.ts";
import { requireFinite } from "../../network/require_finite.ts";
import type { RunOptions } from "../../runtime/mod.ts";
import { occlusionGrid } from "./grid.ts";
import type { OcclusionOptions } from "./options.ts";
import { type OcclusionPlan, requireOwnSize } from "./plan.ts";

/**
 * The plan for a target that is not a class: a unit, a sum of classes, the similarity with a second
 * image. Nothing but its value is measured.
 *
 * @throws {InputError} If the options ask for more, or do not fit the input or the network.
 */
export async function planExplained(
  network: Network,
  { input: { tensor: input, ...seen }, guide }: {
    readonly input: MethodInput;
    readonly guide?: MethodInput;
  },
  options: OcclusionOptions,
  run: RunOptions = {},
): Promise<OcclusionPlan> {
  const { window, stride, fill, seed, score, layer, inference, smooth } = options;
  if (score !== "logit" || !["auto", "none"].includes(layer) || inference === "incremental") {
    throw new InputError(
      `Cannot occlude: of "${options.target}" nothing but its value is measured, with full ` +
        `inference; the score is "${score}", the layer "${layer}", the inference "${inference}"`,
    );
  }
  requireOwnSize(network, input);
  const { rows, columns } = occlusionGrid(input.dims[2], input.dims[3], window, stride);
  const request = { target: options.target, input, guide: guide?.tensor };
  const explained = await resolveScoreTarget(network, request, run);
  const { [explained.layer]: found } = await network.forward(input, [explained.layer], run);
  const output = { data: found.data as Float32Array, dims: found.dims };
  const { value } = evaluateScore(explained.spec, output);
  requireFinite([value], "occlude", `the ${explained.quantity} of ${explained.label}`);
  return {
    job: {
      network: network.id,
      dims: input.dims,
      ...{ window, stride, fill, seed },
      target: -1,
      explained,
      layer: null,
      measures: "logit",
      inference: "full",
    },
    ...{ input, seen, smooth, rows, columns },
    target: { index: -1, label: explained.label },
    score: "logit",
    quantity: explained.quantity,
    layerName: null,
    labels: [],
    unoccluded: {
      logit: value,
      probability: NaN,
      topClass: -1,
      topProbability: NaN,
      layerSum: null,
    },
  };
}
