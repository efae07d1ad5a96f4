import {
  differentiate,
  type GradientModel,
  gradientOutput,
  type Objective,
  OBJECTIVE_OUTPUT,
  projection,
  type ReluRule,
  requireUnit,
  unit,
} from "../grad/mod.ts";
import { withChosenClass } from "../incremental/mod.ts";
import { int64List, type Model } from "../onnx/mod.ts";
import type { RunOptions } from "../runtime/mod.ts";
import { elementCount, float32, type Tensor } from "../tensor/tensor.ts";
import type { DerivedModel } from "./derived_model.ts";
import { dot, isLinear, type LinearSpec, linearWeights } from "./evaluate_score.ts";
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

/** Name of the input that chooses which class is, where its row can be taken out of the weights. */
const CLASS = "gradient/class";

/** What to run for a gradient, and what to feed beside the image. */
interface PreparedGradient {
  readonly model: Model | DerivedModel;
  readonly feeds: Readonly<Record<string, Tensor>>;
  /** What the score is of the layer's values; where it is left out, an output of the model. */
  scoreOf?(values: Float32Array): number;
}

/**
 * One model serves every class of a layer, as its index is fed, and one every unit, as weights are. It
 * is differentiated only where its session is not open; but for a network of other weights it is
 * always another.
 */
function prepare(network: Network, spec: GradientSpec, base: Model): PreparedGradient {
  const { aim: { spec: score, layer }, rule } = spec;
  const isOwn = base === network.model;
  const named = (what: unknown, build: () => Model) =>
    isOwn ? { key: `gradient ${JSON.stringify([layer, rule, what])}`, build } : build();
  const { type, dims } = network.facts.get(layer) ?? {};
  if (isLinear(score) && type === "float32" && dims !== undefined) {
    if (score.kind === "sum") score.terms.forEach(({ at }) => requireUnit(layer, dims, at));
    const index = onlyClass(score, dims);
    const chosen = index === undefined
      ? undefined
      : withChosenClass(base, network.facts, layer, CLASS, isOwn ? network.index : undefined);
    if (index !== undefined && chosen) {
      const objective = unit(chosen.score, { channel: 0 });
      return {
        model: named(CLASS, () => differentiateBy(network, spec, chosen.model, objective).model),
        feeds: { [CLASS]: int64List([index]) },
        scoreOf: (values) => values[index],
      };
    }
    const weights = linearWeights(score, dims);
    const objective = projection(layer, WEIGHTS);
    return {
      model: named(WEIGHTS, () => differentiateBy(network, spec, base, objective).model),
      feeds: { [WEIGHTS]: float32(weights, dims) },
      // The graph's own dot product is NaN where a score that does not count is infinite.
      scoreOf: (values) => dot(weights, values),
    };
  }
  const build = () => gradientModel(network, spec, base).model;
  // Others hold a whole layer, which is no name.
  const isShort = score.kind === "energy" || score.kind === "log-probability";
  return { model: isShort ? named(score, build) : build(), feeds: {} };
}

/** The class, of a score that is one element of a layer and nothing else. */
function onlyClass(score: LinearSpec, dims: readonly number[]): number | undefined {
  if (score.kind !== "sum" || score.terms.length !== 1) return undefined;
  const [{ weight, at: { channel } }] = score.terms;
  return weight === 1 && elementCount(dims) === dims[1] ? channel : undefined;
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
  const { model, feeds, scoreOf } = prepare(network, spec, base);
  const name = gradientOutput(network.inputName);
  const outputs = scoreOf ? [name, layer] : [name, layer, OBJECTIVE_OUTPUT];
  return async (input, options) => {
    const given = { [network.inputName]: input, ...feeds };
    const results = await network.evaluate(model, given, outputs, options);
    const output = results[layer];
    return {
      gradient: results[name].data as Float32Array,
      value: scoreOf?.(output.data as Float32Array) ?? Number(results[OBJECTIVE_OUTPUT].data[0]),
      output,
    };
  };
}

/** As {@linkcode imageGradient}, where nothing but the gradient is wanted. */
export function imageGradientAlone(
  network: Network,
  spec: GradientSpec,
): (input: Tensor<"float32">, options: RunOptions) => Promise<Float32Array> {
  const { model, feeds } = prepare(network, spec, network.model);
  const name = gradientOutput(network.inputName);
  return async (input, options) => {
    const given = { [network.inputName]: input, ...feeds };
    const { [name]: gradient } = await network.evaluate(model, given, [name], options);
    return gradient.data as Float32Array;
  };
}
