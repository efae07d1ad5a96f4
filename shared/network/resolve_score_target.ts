import { InputError } from "../errors.ts";
import type { RunOptions } from "../runtime/mod.ts";
import { elementCount, float32, type Tensor } from "../tensor/tensor.ts";
import { resolveClass } from "../models/resolve_class.ts";
import { argmax } from "./class_scores.ts";
import type { Network } from "./network.ts";
import type { ScoreSpec, ScoreTarget } from "./score_target.ts";
import { resolveTarget } from "./target.ts";
import { type Box, type ClassTerm, parseTarget, type Region } from "./target_syntax.ts";
import { parseUnit } from "./unit.ts";

/** What a target is looked up for. */
export interface TargetRequest {
  /** As {@linkcode TARGET_HELP} says. */
  readonly target: string;
  /** Of a class. @default "logit" */
  readonly score?: "logit" | "log-probability";
  /** The preprocessed image, [1, C, H, W]. */
  readonly input: Tensor<"float32">;
  /** The preprocessed second image, which features are compared with. */
  readonly guide?: Tensor<"float32">;
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
  const unit = unitOf(text, network);
  if (unit !== undefined) return unit;
  const parsed = parseTarget(text, (name) => isLabel(name, network));
  if (parsed.kind === "code") return await similarity(network, request, parsed, options);
  const scores = await scoresOf(network, request.input, options);
  const isMap = elementCount(scores.dims.slice(2)) > 1;
  if (parsed.kind === "region" || isMap) {
    if (parsed.kind === "sum" || score !== "logit") {
      throw new InputError(
        `Cannot explain "${text}": the scores are a map, [${scores.dims}], expected the logit of ` +
          "one class of it",
      );
    }
    return regionTarget(network, scores, parsed.name, "region" in parsed ? parsed.region : "map");
  }
  if (parsed.kind === "sum") return sumTarget(network, scores, parsed.terms, score);
  return classTarget(network, scores, parsed.name, score);
}

/** The class scores of an image: a row, or one for each position of a map. */
interface Scores {
  readonly layer: string;
  readonly dims: readonly number[];
  readonly data: Float32Array;
  /** One a class: summed over positions. */
  readonly totals: Float32Array;
  readonly labels: readonly string[];
}

async function scoresOf(
  network: Network,
  input: Tensor<"float32">,
  options: RunOptions,
): Promise<Scores> {
  const layer = scoreTensor(network);
  const { [layer]: found } = await network.forward(input, [layer], options);
  const { dims } = found;
  const data = found.data as Float32Array;
  requireFinite(data, layer);
  const positions = elementCount(dims.slice(2));
  const totals = Float32Array.from(
    { length: data.length / positions },
    (_, c) => data.subarray(c * positions, (c + 1) * positions).reduce((a, b) => a + b, 0),
  );
  return { layer, dims, data, totals, labels: network.labelsOf(totals.length) };
}

/** The row of class scores, else the first output that is a map of them. */
function scoreTensor(network: Network): string {
  try {
    return network.logitsTensor;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const map = network.index.graph.output.map(({ name = "" }) => name).find((name) => {
      const { type, dims = [] } = network.facts.get(name) ?? {};
      return type === "float32" && dims.length === 4 && dims[0] === 1 && dims[1] > 1;
    });
    if (map === undefined) throw error;
    return map;
  }
}

function classTarget(
  { scoreLink }: Network,
  { layer, totals, labels }: Scores,
  name: string,
  score: "logit" | "log-probability",
): ScoreTarget {
  const { index, label } = resolveTarget(name, totals, labels);
  const spec: ScoreSpec = score === "logit"
    ? { kind: "sum", terms: [{ weight: 1, at: { channel: index } }] }
    : { kind: "log-probability", index, link: scoreLink };
  // A network may give nothing but probabilities.
  const isShare = score === "logit" && scoreLink === "none";
  return { spec, layer, label, index, quantity: isShare ? "probability" : score };
}

function sumTarget(
  network: Network,
  { layer, totals, labels }: Scores,
  terms: readonly ClassTerm[],
  score: "logit" | "log-probability",
): ScoreTarget {
  if (score !== "logit") {
    throw new InputError("Cannot add up log-probabilities of classes: expected --score logit");
  }
  const found = terms.map(({ weight, name }) => ({
    weight,
    ...resolveTarget(name, totals, labels),
  }));
  const label = found.map(({ weight, label }, i) => {
    const sign = i === 0 ? (weight < 0 ? "-" : "") : weight < 0 ? " - " : " + ";
    const size = Math.abs(weight);
    return `${sign}${size === 1 ? "" : `${size}*`}${label.split(",")[0]}`;
  }).join("");
  const { scoreLink } = network;
  return {
    spec: {
      kind: "sum",
      terms: found.map(({ weight, index }) => ({ weight, at: { channel: index } })),
    },
    layer,
    label,
    quantity: scoreLink === "none" ? "sum of probabilities" : "sum of logits",
  };
}

function regionTarget(
  _network: Network,
  scores: Scores,
  name: string,
  region: Region,
): ScoreTarget {
  const { layer, dims, totals, labels } = scores;
  if (dims.length !== 4) {
    throw new InputError(
      `Cannot add up the scores of "${name}" over positions: they are a row, [${dims}], expected a ` +
        "map [1, classes, height, width]",
    );
  }
  const { index, label } = resolveTarget(name, totals, labels);
  const weights = region === "map"
    ? new Float32Array(dims[2] * dims[3]).fill(1)
    : region === "mask"
    ? maskOf(scores, index, label)
    : boxOf(region, dims);
  const where = typeof region === "string"
    ? region
    : `box:${region.top},${region.left},${region.height},${region.width}`;
  return {
    spec: { kind: "region", channel: index, weights },
    layer,
    label: `${label}@${where}`,
    index,
    quantity: "sum of logits",
  };
}

/** 1 where the class has the largest score. */
function maskOf({ data, dims, totals }: Scores, index: number, label: string): Float32Array {
  const area = dims[2] * dims[3];
  const mask = Float32Array.from({ length: area }, (_, i) => {
    const column = Float32Array.from(totals, (_, c) => data[c * area + i]);
    return argmax(column) === index ? 1 : 0;
  });
  if (mask.some((one) => one === 1)) return mask;
  throw new InputError(
    `Cannot add up the scores of "${label}" over its mask: it is the top class at no position, ` +
      "expected another class, or @map",
  );
}

function boxOf(box: Box, [, , height, width]: readonly number[]): Float32Array {
  if (box.top + box.height > height || box.left + box.width > width) {
    throw new InputError(
      `Cannot add up scores in a box of ${box.height} x ${box.width} at ${box.top},${box.left}: ` +
        `the map has ${height} x ${width} positions`,
    );
  }
  return Float32Array.from({ length: height * width }, (_, i) => {
    const [row, column] = [Math.floor(i / width), i % width];
    const isIn = row >= box.top && row < box.top + box.height && column >= box.left &&
      column < box.left + box.width;
    return isIn ? 1 : 0;
  });
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

async function similarity(
  network: Network,
  { guide }: TargetRequest,
  { layer: name, image }: { readonly layer?: string; readonly image: string },
  options: RunOptions,
): Promise<ScoreTarget> {
  if (guide === undefined) {
    throw new InputError(
      `Cannot compare with "${image}": it was not given, expected a second image, the guide`,
    );
  }
  const layer = name === undefined ? scoreTensorOrOutput(network) : network.resolveLayer(name);
  const { [layer]: found } = await network.forward(guide, [layer], options);
  const features = float32(found.data as Float32Array, found.dims);
  requireFinite(features.data, layer);
  if (features.data.every((value) => value === 0)) {
    throw new InputError(
      `Cannot compare with "${image}": all its features in "${layer}" are 0, expected some that ` +
        "are not",
    );
  }
  const label = `similarity with ${image.replace(/^.*[\\/]/, "")}`;
  return { spec: { kind: "similarity", features }, layer, label, quantity: "cosine similarity" };
}

/** What an encoder makes of an image, whether or not it is scores of classes. */
function scoreTensorOrOutput(network: Network): string {
  try {
    return network.logitsTensor;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const output = network.index.graph.output.map(({ name = "" }) => name)
      .find((name) => network.facts.get(name)?.type === "float32");
    if (output === undefined) throw error;
    return output;
  }
}

/** Whether a text is a class, whatever signs it has. */
function isLabel(text: string, network: Network): boolean {
  try {
    const { dims = [] } = network.facts.get(scoreTensor(network)) ?? {};
    const labels = network.labelsOf(dims[1] ?? network.labels.length);
    return resolveClass(text, labels) >= 0;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

function requireFinite(values: Float32Array, layer: string): void {
  const wrong = values.find((value) => !Number.isFinite(value));
  if (wrong === undefined) return;
  throw new InputError(
    `Cannot explain the scores: "${layer}" has the value ${wrong}, expected finite numbers; the ` +
      "network or the image has non-finite values, or too large ones",
  );
}
