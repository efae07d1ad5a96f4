/**
 * Occlusion maps: what happens to a network's answer when a part of the image is covered.
 *
 * The steps of the method are exported one by one, so that many processes can share them:
 * {@linkcode planOcclusion} once, {@linkcode evaluateTile} anywhere, in parts of any size, and
 * {@linkcode assembleOcclusion} where the parts come together.
 *
 * @module
 */
import { withEvaluation } from "../../evaluation/with_evaluation.ts";
import type { OcclusionOutline, OcclusionScores } from "../../contract/occlusion_update.ts";
import type { Context, ImageInputs, Method, Run } from "../../contract/method.ts";
import { InputError } from "../../errors.ts";
import { deprocess } from "../../models/mod.ts";
import type { Network } from "../../network/network.ts";
import { isOneClass } from "../../network/resolve_score_target.ts";
import { refuseIdleGuide } from "../../network/target_syntax.ts";
import type { ScoreTarget } from "../../network/score_target.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { occlusionArrays } from "./arrays.ts";
import { assembleOcclusion } from "./assemble.ts";
import { columnOf, type COLUMNS } from "./inference.ts";
import { occluder } from "./occluder.ts";
import { type OcclusionOptions, occlusionOptions } from "./options.ts";
import { occlusionPreview } from "./figures.ts";
import { planExplained } from "./plan_explained.ts";
import { type OcclusionJob, type OcclusionPlan, planOcclusion } from "./plan.ts";
import { Refinement } from "./refinement.ts";
import { measureOf, type OcclusionPart, tileKernel } from "./tile_kernel.ts";

export * from "./arrays.ts";
export * from "./assemble.ts";
export * from "./grid.ts";
export { columnOf, COLUMNS, type TilePlan } from "./inference.ts";
export * from "./full_inference.ts";
export * from "./occluder.ts";
export * from "./options.ts";
export * from "./plan.ts";
export * from "./refinement.ts";
export * from "./tile_kernel.ts";

/** Covers the image window by window, and maps the score of a class. */
export const occlusion: Method<OcclusionOptions, ImageInputs> = {
  id: "occlusion",
  title: "Occlusion map",
  summary: "Covers a part of the image at a time and maps how the score of a class changes.",
  paper: {
    title: "Visualizing and Understanding Convolutional Networks",
    authors: "Matthew D. Zeiler, Rob Fergus",
    venue: "ECCV",
    year: 2014,
    url: "https://arxiv.org/abs/1311.2901",
  },
  takes: { image: "required", guide: "optional" },
  options: occlusionOptions,
  run,
};

/** Shares of the positions after which a preview can be drawn. */
const PREVIEWS = [0.08, 0.2, 0.4, 0.7];

async function* run(
  context: Context,
  { image: input, guide }: ImageInputs,
  options: OcclusionOptions,
): Run {
  const { network, signal } = context;
  refuseIdleGuide(options.target, guide);
  const plan = isOneClass(options.target, network)
    ? await planOcclusion(network, input, options, { signal })
    : await planExplained(network, { input, guide }, options, { signal });
  const { rows, columns, job } = plan;
  const total = rows * columns;
  const isOfClass = job.explained === undefined;
  yield {
    ...{ done: 0, total, unit: "positions" },
    ...isOfClass && { occlusion: { outline: outlineOf(network, plan) } },
  };
  const refinement = new Refinement(rows, columns);
  const parts: OcclusionPart[] = [];
  const previews = PREVIEWS.map((share) => Math.ceil(share * total));
  const shared = { job, input: input.tensor };
  for await (const { item, result } of context.map(tileKernel, shared, refinement.positions())) {
    const part = { positions: [item], values: result };
    parts.push(part);
    refinement.add(item, measureOf(result, plan.score));
    const done = parts.length;
    const isShown = previews.includes(done) && done < total;
    yield {
      done,
      total,
      unit: "positions",
      preview: isShown ? () => occlusionPreview(plan, refinement.preview()) : undefined,
      ...isOfClass && { occlusion: { scores: scoresOf(part, job) } },
    };
  }
  const made = assembleOcclusion(plan, parts);
  if (isFlat(made.arrays.attribution)) {
    throw new InputError(
      `Cannot map ${plan.target.label}: its ${plan.quantity} is the same wherever the occluder ` +
        "stands, expected one that changes: nothing in the image counts for it, it is saturated, " +
        "or the occluder looks like the image; try another class or fill",
    );
  }
  return yield* withEvaluation(
    context,
    made,
    options.evaluate && (() => ({
      input: input.tensor,
      map: dropsOf(plan, parts),
      target: job.explained ?? classTargetOf(network, plan),
    })),
  );
}

/** Whether nothing drops anywhere; NaN where no window covers a pixel. */
const isFlat = ({ data }: Tensor) =>
  (data as Float32Array).every((value) => value === 0 || Number.isNaN(value));

/** The mean drop at each pixel; the least of all where no window covers it. */
function dropsOf(plan: OcclusionPlan, parts: readonly OcclusionPart[]): Float32Array {
  const { attribution: { data, dims: [, , height, width] } } = occlusionArrays(plan, parts);
  const plane = (data as Float32Array).slice(0, height * width);
  const least = plane.reduce((min, value) => value < min ? value : min, Infinity);
  return plane.map((value) => Number.isNaN(value) ? least : value);
}

const classTargetOf = ({ logitsTensor }: Network, { target }: OcclusionPlan): ScoreTarget => ({
  spec: { kind: "sum", terms: [{ weight: 1, at: { channel: target.index } }] },
  layer: logitsTensor,
  label: target.label,
  index: target.index,
  quantity: "logit",
});

function outlineOf(network: Network, plan: OcclusionPlan): OcclusionOutline {
  const { rows, columns, target, score, labels, seen, input, job, layerName, unoccluded } = plan;
  const { window, stride, fill, seed, layer, measures } = job;
  const preprocessing = network.manifest.input;
  const shown = occluder(fill, { input, window, seed, preprocessing });
  return {
    rows,
    columns,
    window,
    stride,
    target: { index: target.index, label: labels[target.index] },
    score,
    measures,
    unoccluded,
    layer: layer && { name: layerName ?? layer.tensor, channel: layer.channel },
    labels,
    image: seen.image,
    occluder: deprocess(shown, preprocessing),
  };
}

function scoresOf({ positions, values }: OcclusionPart, job: OcclusionJob): OcclusionScores {
  const column = (name: typeof COLUMNS[number]) => columnOf(values, name);
  return {
    positions,
    logit: column("logit"),
    ...job.measures === "all" && {
      probability: column("probability"),
      topClass: column("topClass"),
      topProbability: column("topProbability"),
    },
    ...job.layer && { layerSum: column("layerSum") },
  };
}
