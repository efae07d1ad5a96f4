import { InputError } from "../errors.ts";
import type { RunOptions } from "../runtime/mod.ts";
import { elementCount, type Tensor } from "../tensor/tensor.ts";
import { type ClassScore, classTarget, sumTarget } from "./class_target.ts";
import type { Network } from "./network.ts";
import { regionTarget } from "./region_target.ts";
import type { ScoreTarget } from "./score_target.ts";
import { similarityTarget } from "./similarity_target.ts";
import { isLabel, scoresOf, scoreTensor } from "./target_scores.ts";
import { parseTarget, refuseIdleGuide } from "./target_syntax.ts";
import { parseUnit } from "./units.ts";

/** What a target is looked up for. */
export interface TargetRequest {
  /** As {@linkcode TARGET_HELP} says. */
  readonly target: string;
  /** Of a class. @default "logit" */
  readonly score?: ClassScore;
  /** The preprocessed image, [1, C, H, W]. */
  readonly input: Tensor<"float32">;
  /** The preprocessed second image, which features are compared with. */
  readonly guide?: Tensor<"float32">;
  /** Tensors of the image's forward pass that are there already. */
  readonly known?: Readonly<Record<string, Tensor>>;
}

/**
 * What a person asks to have explained.
 *
 * @throws {InputError} If the network has no such class, layer, unit or region; with what there is.
 */
export async function resolveScoreTarget(
  network: Network,
  request: TargetRequest,
  options: RunOptions = {},
): Promise<ScoreTarget> {
  const { target: text, score = "logit" } = request;
  refuseIdleGuide(text, request.guide);
  const unit = unitOf(text, network);
  if (unit !== undefined) return unit;
  const parsed = parseTarget(text, (name) => isLabel(name, network));
  if (parsed.kind === "code") {
    return await similarityTarget(network, request.guide, parsed, options);
  }
  const scores = await scoresOf(network, request.input, { ...options, known: request.known });
  const isMap = elementCount(scores.dims.slice(2)) > 1;
  if (parsed.kind === "region" || isMap) {
    if (parsed.kind === "sum" || score !== "logit") {
      throw new InputError(
        `Cannot explain "${text}": the scores are a map, [${scores.dims}], expected the logit of ` +
          "one class of it",
      );
    }
    return regionTarget(scores, parsed.name, "region" in parsed ? parsed.region : "map");
  }
  if (parsed.kind === "sum") return sumTarget(network, scores, parsed.terms, score);
  return classTarget(network, scores, parsed.name, score);
}

/**
 * Whether a target is one class of a row of scores, which many methods need no more of.
 *
 * @throws {InputError} If it names a unit of a layer that is not there, or there are no scores.
 */
export function isOneClass(text: string, network: Network): boolean {
  if (isUnit(text, network)) return false;
  if (parseTarget(text, (name) => isLabel(name, network)).kind !== "class") return false;
  const { dims = [] } = network.facts.get(scoreTensor(network)) ?? {};
  return elementCount(dims.slice(2)) === 1;
}

/**
 * Whether a target is a unit or a channel.
 *
 * @throws {InputError} If it is one of a layer that is not there.
 */
export function isUnit(text: string, network: Network): boolean {
  return unitOf(text, network) !== undefined;
}

function unitOf(text: string, network: Network): ScoreTarget | undefined {
  const [, layer] = /^(.+?):\d+(?::\d+:\d+)?$/.exec(text) ?? [];
  const [, whole] = /^(.+):\d+$/.exec(text) ?? [];
  if (layer === undefined || isLabel(text, network)) return undefined;
  if (/^code(@|$)/.test(layer) && !network.hasLayer(layer) && !network.hasLayer(whole)) {
    return undefined;
  }
  return unitTarget(text, network);
}

/**
 * The activation of a unit, or the sum of a channel.
 *
 * @throws {InputError} If the text is no unit of the network.
 */
export function unitTarget(text: string, network: Network): ScoreTarget {
  const { layer, ...at } = parseUnit(text, network);
  return {
    spec: { kind: "sum", terms: [{ weight: 1, at }] },
    layer,
    label: text,
    quantity: "activation",
  };
}

/** Half the sum of squares of a layer. */
export function energyTarget(name: string, network: Network): ScoreTarget {
  const layer = network.resolveLayer(name);
  return { spec: { kind: "energy" }, layer, label: name, quantity: "energy" };
}
