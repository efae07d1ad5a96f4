import {
  differentiate,
  type GradientModel,
  type Objective,
  projection,
  type ReluRule,
  requireUnit,
} from "../grad/mod.ts";
import type { Model } from "../onnx/mod.ts";
import type { RunOptions } from "../runtime/mod.ts";
import { elementCount, float32, type Tensor } from "../tensor/tensor.ts";
import type { DerivedModel } from "./derived_model.ts";
import { evaluateScore } from "./evaluate_score.ts";
import type { Network } from "./network.ts";
import { objectiveOf, type ScoreTarget } from "./score_target.ts";

/** Which gradient by the image is taken, as plain data. */
export interface GradientSpec {
  readonly aim: ScoreTarget;
  /** What rectifiers pass back. */
  readonly rule: ReluRule;
}

/** A gradient with what is differentiated. */
export interface GradientAt {
  /** By the input, shaped like it. */
  readonly gradient: Float32Array;
  readonly value: number;
  /** The tensor that the score is made of. */
  readonly output: Tensor;
}

/** Evaluates a gradient at an input, [1, C, H, W]. */
export type ImageGradient = (
  input: Tensor<"float32">,
  options: RunOptions,
) => Promise<GradientAt>;

/** The model that computes a gradient by the image, complete in itself. */
export function gradientModel(
  network: Network,
  spec: GradientSpec,
  base: Model = network.model,
): GradientModel {
  return differentiateBy(network, spec, base, objectiveOf(spec.aim));
}

function differentiateBy(
  network: Network,
  { aim, rule }: GradientSpec,
  base: Model,
  objective: Objective,
): GradientModel {
  return differentiate(base, {
    objective,
    wrt: [network.inputName],
    inputs: { [network.inputName]: network.inputDims },
    reluRule: rule,
    outputs: [aim.layer],
  });
}

/** Name of the input that chooses what of the layer is differentiated. */
const WEIGHTS = "gradient/weights";

/** What {@linkcode differentiate} calls the objective. */
const OBJECTIVE = "grad/objective";

/** Scores that are a weighted sum of their layer. */
const LINEAR: ReadonlySet<ScoreTarget["spec"]["kind"]> = new Set(["sum", "region"]);

/** Scores that few words name; the other holds a layer. */
const NAMED: ReadonlySet<ScoreTarget["spec"]["kind"]> = new Set(["energy", "log-probability"]);

/**
 * Makes a function of images: a score with its gradient by the image. One session serves every class
 * and unit of a layer, as their weights are fed; its model is made only where it is not open.
 *
 * @param base The network's graph, or one with other weights.
 * @throws {RangeError} If the layer has no such unit; the message says what is valid.
 */
export function imageGradient(
  network: Network,
  spec: GradientSpec,
  base: Model = network.model,
): ImageGradient {
  const { aim: { spec: score, layer }, rule } = spec;
  const { type, dims } = network.facts.get(layer) ?? {};
  const isFed = LINEAR.has(score.kind) && type === "float32" && dims !== undefined;
  const build = () =>
    isFed
      ? differentiateBy(network, spec, base, projection(layer, WEIGHTS)).model
      : gradientModel(network, spec, base).model;
  const isNamed = base === network.model && (isFed || NAMED.has(score.kind));
  const key = `gradient ${JSON.stringify([layer, rule, isFed || score])}`;
  const model: Model | DerivedModel = isNamed ? { key, build } : build();
  const weights: Record<string, Tensor> = isFed
    ? { [WEIGHTS]: float32(weightsOf(spec.aim, dims), dims) }
    : {};
  const name = `grad/${network.inputName}`;
  return async (input, options) => {
    const feeds = { ...weights, [network.inputName]: input };
    const results = await network.evaluate(model, feeds, [OBJECTIVE, name, layer], options);
    const output = results[layer];
    return {
      gradient: results[name].data as Float32Array,
      // The graph's dot product is NaN where a score that does not count is infinite.
      value: isFed
        ? evaluateScore(score, output as Tensor<"float32">).value
        : Number(results[OBJECTIVE].data[0]),
      output,
    };
  };
}

/** What a linear score is the dot product of its layer with. */
function weightsOf(
  { spec: score, layer }: ScoreTarget,
  dims: readonly number[],
): Float32Array<ArrayBuffer> {
  if (score.kind === "sum") score.terms.forEach(({ at }) => requireUnit(layer, dims, at));
  const data = new Float32Array(elementCount(dims));
  return new Float32Array(evaluateScore(score, { dims, data }).derivative);
}
