import { InputError } from "../../errors.ts";
import { differentiate, type GradientModel, type ReluRule } from "../../grad/mod.ts";
import type { Model } from "../../onnx/mod.ts";
import type { RunOptions } from "../../runtime/mod.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { DerivedModel } from "../../network/derived_model.ts";
import type { Network } from "../../network/network.ts";
import { objectiveOf, type ScoreTarget } from "../../network/score_target.ts";

/** Which gradient is taken, as plain data. */
export interface GradientSpec {
  readonly aim: ScoreTarget;
  readonly rule: ReluRule;
}

/** The model that computes it, from the network or one with other weights. */
export function gradientModel(
  network: Network,
  { aim, rule }: GradientSpec,
  base: Model = network.model,
): GradientModel {
  return differentiate(base, {
    objective: objectiveOf(aim),
    wrt: [network.inputName],
    inputs: { [network.inputName]: network.inputDims },
    reluRule: rule,
    outputs: [aim.layer],
  });
}

/** Aims that few words name; others hold a number for each position. */
const NAMED: ReadonlySet<ScoreTarget["spec"]["kind"]> = new Set([
  "energy",
  "log-probability",
  "sum",
]);

/** The same model, which is made only where its session is not open. */
export function lazyGradientModel(network: Network, spec: GradientSpec): Model | DerivedModel {
  const build = () => gradientModel(network, spec).model;
  const { aim: { spec: aim, layer }, rule } = spec;
  if (!NAMED.has(aim.kind)) return build();
  return { key: `gradient ${JSON.stringify([layer, rule, aim])}`, build };
}

/** A gradient with what is differentiated. */
export interface GradientAt {
  /** By the input, shaped like it. */
  readonly gradient: Float32Array;
  readonly value: number;
  /** The tensor that the objective is made of. */
  readonly output: Tensor;
}

/**
 * Evaluates a gradient model at an input.
 *
 * @param model By default that of the network itself.
 * @throws {InputError} If a value is NaN or infinite.
 */
export async function gradientAt(
  network: Network,
  spec: GradientSpec,
  input: Tensor<"float32">,
  options: RunOptions & { readonly model?: Model | DerivedModel },
): Promise<GradientAt> {
  const { aim } = spec;
  const { model = lazyGradientModel(network, spec) } = options;
  const [objective, name] = ["grad/objective", `grad/${network.inputName}`];
  const feeds = { [network.inputName]: input };
  const results = await network.evaluate(model, feeds, [objective, name, aim.layer], options);
  const gradient = results[name].data as Float32Array;
  const value = Number(results[objective].data[0]);
  const wrong = Number.isFinite(value) ? gradient.find((one) => !Number.isFinite(one)) : value;
  if (wrong !== undefined) {
    throw new InputError(
      `Cannot show the gradient of ${aim.label}: it or its ${aim.quantity} is ${wrong}, expected ` +
        "finite numbers; the network or the image has non-finite values, or too large ones",
    );
  }
  return { gradient, value, output: results[aim.layer] };
}
