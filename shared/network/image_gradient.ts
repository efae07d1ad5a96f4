import {
  differentiate,
  type GradientModel,
  gradientOutput,
  type Objective,
  OBJECTIVE_OUTPUT,
  projection,
  type ReluRule,
  requireUnit,
} from "../grad/mod.ts";
import type { Model } from "../onnx/mod.ts";
import type { RunOptions } from "../runtime/mod.ts";
import { float32, type Tensor } from "../tensor/tensor.ts";
import type { DerivedModel } from "./derived_model.ts";
import { dot, isLinear, linearWeights } from "./evaluate_score.ts";
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

/** What to run for a gradient, and what to feed beside the image. */
interface PreparedGradient {
  readonly model: Model | DerivedModel;
  /** Shaped like the layer, where the score is a weighted sum of it. */
  readonly weights?: Tensor<"float32">;
}

/**
 * One model serves every class and unit of a layer, as their weights are fed. It is made only where
 * its session is not open; but for a network of other weights it is always another.
 */
function prepare(network: Network, spec: GradientSpec, base: Model): PreparedGradient {
  const { aim: { spec: score, layer }, rule } = spec;
  const named = (what: unknown, build: () => Model) =>
    base === network.model
      ? { key: `gradient ${JSON.stringify([layer, rule, what])}`, build }
      : build();
  const { type, dims } = network.facts.get(layer) ?? {};
  if (isLinear(score) && type === "float32" && dims !== undefined) {
    if (score.kind === "sum") score.terms.forEach(({ at }) => requireUnit(layer, dims, at));
    const objective = projection(layer, WEIGHTS);
    return {
      model: named(WEIGHTS, () => differentiateBy(network, spec, base, objective).model),
      weights: float32(linearWeights(score, dims), dims),
    };
  }
  const build = () => gradientModel(network, spec, base).model;
  // Others hold a whole layer, which is no name.
  const isShort = score.kind === "energy" || score.kind === "log-probability";
  return { model: isShort ? named(score, build) : build() };
}

/**
 * Makes a function of images [1, C, H, W]: a score with its gradient by the image.
 *
 * @param base The network's graph, or one with other weights.
 * @throws {RangeError} If the layer has no such unit; the message says what is valid.
 */
export function imageGradient(
  network: Network,
  spec: GradientSpec,
  base: Model = network.model,
): (input: Tensor<"float32">, options: RunOptions) => Promise<GradientAt> {
  const { layer } = spec.aim;
  const { model, weights } = prepare(network, spec, base);
  const name = gradientOutput(network.inputName);
  // The graph's own dot product is NaN where a score that does not count is infinite.
  const outputs = weights ? [name, layer] : [name, layer, OBJECTIVE_OUTPUT];
  return async (input, options) => {
    const feeds = feedsOf(network, input, weights);
    const results = await network.evaluate(model, feeds, outputs, options);
    const output = results[layer];
    return {
      gradient: results[name].data as Float32Array,
      value: weights
        ? dot(weights.data, output.data as Float32Array)
        : Number(results[OBJECTIVE_OUTPUT].data[0]),
      output,
    };
  };
}

/** As {@linkcode imageGradient}, where nothing but the gradient is wanted. */
export function imageGradientAlone(
  network: Network,
  spec: GradientSpec,
): (input: Tensor<"float32">, options: RunOptions) => Promise<Float32Array> {
  const { model, weights } = prepare(network, spec, network.model);
  const name = gradientOutput(network.inputName);
  return async (input, options) => {
    const feeds = feedsOf(network, input, weights);
    const { [name]: gradient } = await network.evaluate(model, feeds, [name], options);
    return gradient.data as Float32Array;
  };
}

const feedsOf = (
  { inputName }: Network,
  input: Tensor<"float32">,
  weights: Tensor<"float32"> | undefined,
): Record<string, Tensor> => ({ [inputName]: input, ...weights && { [WEIGHTS]: weights } });
