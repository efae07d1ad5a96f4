import { InputError } from "../../errors.ts";
import type { IncrementalPlan } from "../../incremental/mod.ts";
import type { Placed } from "../../figure/mod.ts";
import type { RunOptions } from "../../runtime/mod.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { argmax, scoresIn, scoreTensors } from "../../network/class_scores.ts";
import type { Network } from "../../network/network.ts";
import type { ScoreTarget } from "../../network/score_target.ts";
import { resolveTarget, type Target } from "../../network/class_target.ts";
import { requireFinite } from "../../network/require_finite.ts";
import type { MethodInput } from "../../contract/method.ts";
import { sumOfChannel, totals } from "./inference.ts";
import { occlusionGrid } from "./grid.ts";
import { planFor } from "./incremental_inference.ts";
import type { Fill, OcclusionOptions } from "./options.ts";

/** What the network sees without the occluder. */
export interface Unoccluded {
  readonly logit: number;
  readonly probability: number;
  readonly topClass: number;
  readonly topProbability: number;
  readonly layerSum: number | null;
}

/** What a tile is evaluated by, beside the input tensor: plain JSON. */
export interface OcclusionJob {
  /** Id of the network. */
  readonly network: string;
  /** [1, C, H, W] */
  readonly dims: readonly number[];
  readonly window: number;
  readonly stride: number;
  readonly fill: Fill;
  readonly seed: number;
  /** Index of the class; -1 where something else is explained. */
  readonly target: number;
  /** What is measured instead of the logit of a class. */
  readonly explained?: ScoreTarget;
  /** The channel of the layer that is strongest without the occluder. */
  readonly layer: { readonly tensor: string; readonly channel: number } | null;
  readonly measures: OcclusionOptions["measures"];
  /** Settled here, so that every worker computes alike. */
  readonly inference: "full" | "incremental";
}

/** Everything about an occlusion map but the map. */
export interface OcclusionPlan {
  readonly job: OcclusionJob;
  readonly input: Tensor<"float32">;
  /** The input for a person. */
  readonly seen: Placed;
  /** Whether the figure interpolates between positions. */
  readonly smooth: boolean;
  readonly rows: number;
  readonly columns: number;
  readonly target: Target;
  readonly score: OcclusionOptions["score"];
  /** What the score is, for a person. */
  readonly quantity: string;
  /** The layer as the user calls it. */
  readonly layerName: string | null;
  /** Names of the classes, in the order of the scores. */
  readonly labels: readonly string[];
  readonly unoccluded: Unoccluded;
  /** How the positions are computed; undefined where nothing but full inference was considered. */
  readonly incremental?: IncrementalPlan;
}

/** How many times as fast incremental inference has to be expected for `auto` to take it. */
const WORTHWHILE = 1.15;

/**
 * Looks at the input once without an occluder, and settles what the options leave open.
 *
 * @throws {RangeError} If the options do not fit the input or the network.
 */
export async function planOcclusion(
  network: Network,
  { tensor: input, ...seen }: MethodInput,
  options: OcclusionOptions,
  run: RunOptions = {},
): Promise<OcclusionPlan> {
  const { window, stride, fill, seed, score, measures } = options;
  if (measures === "logit" && (score !== "logit" || !["auto", "none"].includes(options.layer))) {
    throw new InputError(
      'Cannot occlude: where only the logit is measured, the score is "logit" and no layer is ' +
        `followed; the score is "${score}", the layer "${options.layer}"`,
    );
  }
  requireOwnSize(network, input);
  const [height, width] = input.dims.slice(2);
  const { rows, columns } = occlusionGrid(height, width, window, stride);
  const layer = measures === "logit" ? null : chooseLayer(network, options.layer);
  const outputs = [...scoreTensors(network), ...layer === null ? [] : [layer.tensor]];
  const results = await network.forward(input, outputs, run);
  const { logits, probabilities } = scoresIn(network, results);
  const labels = network.labelsOf(logits.length);
  const target = resolveTarget(options.target, logits, labels);
  requireFinite([logits[target.index]], "occlude", `the logit of ${target.label}`);
  const maps = layer && results[layer.tensor];
  if (layer) {
    requireFinite(results[layer.tensor].data as Float32Array, "occlude", `"${layer.tensor}"`);
  }
  const channel = maps ? argmax(totals(maps)) : 0;
  const topClass = argmax(logits);
  const job = {
    network: network.id,
    dims: input.dims,
    window,
    stride,
    fill,
    seed,
    target: target.index,
    layer: layer && { tensor: layer.tensor, channel },
    measures,
  };
  const incremental = considersIncremental(network, options) ? planFor(network, job) : undefined;
  const isIncremental = options.inference === "incremental" ||
    (incremental?.speedup ?? 0) >= WORTHWHILE;
  return {
    job: { ...job, inference: isIncremental ? "incremental" : "full" },
    incremental,
    input,
    seen,
    smooth: options.smooth,
    rows,
    columns,
    target,
    score,
    quantity: score,
    layerName: layer && layer.alias,
    labels,
    unoccluded: {
      logit: logits[target.index],
      probability: probabilities[target.index],
      topClass,
      topProbability: probabilities[topClass],
      layerSum: maps ? Math.fround(sumOfChannel(maps, channel)) : null,
    },
  };
}

/** @throws {InputError} If the input is not of the network's size. */
export function requireOwnSize({ inputDims }: Network, { dims }: Tensor<"float32">): void {
  if (`${dims}` === `${inputDims}`) return;
  throw new InputError(`Cannot occlude: the input has shape [${dims}], expected [${inputDims}]`);
}

/** On a GPU it is latency that counts, not multiply-adds: there it has to be asked for. */
const considersIncremental = ({ backend }: Network, { inference }: OcclusionOptions) =>
  inference === "incremental" || (inference === "auto" && backend !== "webgpu");

/** The layer whose strongest channel is followed, or null for none. */
function chooseLayer(network: Network, requested: string) {
  if (requested === "none") return null;
  const isMap = (tensor: string) => {
    const dims = network.facts.get(tensor)?.dims ?? [];
    return dims.length === 4 && dims[2] * dims[3] > 1;
  };
  if (requested === "auto") return network.layers.findLast(({ tensor }) => isMap(tensor)) ?? null;
  const tensor = network.resolveLayer(requested);
  if (!isMap(tensor)) {
    throw new InputError(
      `Cannot map the layer "${requested}": its shape is [${
        network.facts.get(tensor)?.dims ?? "?"
      }], ` +
        `expected [1, channels, height, width] with more than one pixel`,
    );
  }
  return { alias: requested, tensor };
}
