/**
 * Gradients of a class, a unit or a layer's energy with respect to the picture, computed by ONNX
 * Runtime from a second graph: plain, guided or by deconvnet, and smoothed over noisy copies.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import { differentiate, type GradientModel } from "../../grad/mod.ts";
import type { Model } from "../../onnx/mod.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";
import type { Network } from "../../network/network.ts";
import { SIMONYAN_2014 } from "../../contract/papers.ts";
import type {
  PictureInputs,
  RunContext,
  Technique,
  TechniqueResult,
} from "../../contract/technique.ts";
import { type Aim, resolveAim } from "./aim.ts";
import { type GradientOptions, gradientOptions } from "./options.ts";
import { gradientPictures, squish } from "./pictures.ts";
import { sanityStages } from "./sanity.ts";
import { sanityPicture } from "./sanity_picture.ts";
import { noisyCopy } from "./smooth_grad.ts";

export * from "./options.ts";

/** What every pixel adds to a score. */
export const gradient: Technique<GradientOptions, PictureInputs> = {
  id: "gradient",
  title: "Gradient",
  summary: "Shows how the score of a class, or a unit's activation, changes with each pixel.",
  paper: SIMONYAN_2014,
  takes: { picture: "required" },
  options: gradientOptions,
  run,
  emit: async (network, { picture: input }, options, { signal }) =>
    build(network, network.model, await resolveAim(network, input.tensor, options, signal), options)
      .model,
};

function build(
  network: Network,
  model: Model,
  aim: Aim,
  { rule }: GradientOptions,
): GradientModel {
  return differentiate(model, {
    objective: aim.objective,
    wrt: [network.inputName],
    inputs: { [network.inputName]: network.inputDims },
    reluRule: rule,
    outputs: [aim.layer],
  });
}

async function run(
  network: Network,
  { picture: input }: PictureInputs,
  options: GradientOptions,
  context: RunContext,
): Promise<TechniqueResult> {
  const aim = await resolveAim(network, input.tensor, options, context.signal);
  const scope = { network, input: input.tensor, aim, options, context };
  const { gradient: result, output, value } = await gradientOf(scope, network.model, "");
  const { picture } = input;
  const { channelOrder } = network.manifest.input;
  const sanity = options.sanity ? await checkSanity(scope, result) : undefined;
  return {
    pictures: {
      ...gradientPictures({ gradient: result, picture, channelOrder, ...aim, options }),
      ...sanity?.pictures,
    },
    arrays: { gradient: result, output },
    measures: {
      aim: aim.label,
      quantity: aim.quantity,
      layer: aim.layer,
      value,
      l2Norm: Math.sqrt(result.data.reduce((sum, one) => sum + one * one, 0)),
      largest: result.data.reduce((most, one) => Math.max(most, Math.abs(one)), 0),
      ...sanity?.measures,
    },
  };
}

interface Scope {
  readonly network: Network;
  readonly input: Tensor<"float32">;
  readonly aim: Aim;
  readonly options: GradientOptions;
  readonly context: RunContext;
}

/** @param variant Names the model among those with the same graph and other weights. */
async function gradientOf(
  { network, input, aim, options, context: { signal, onProgress } }: Scope,
  base: Model,
  variant: string,
) {
  const { model, objective, gradients } = build(network, base, aim, options);
  const name = gradients[network.inputName];
  const key = JSON.stringify([
    "gradient",
    variant,
    options.rule,
    aim.quantity,
    aim.layer,
    aim.label,
  ]);
  const evaluate = (tensor: Tensor<"float32">, outputs: readonly string[]) =>
    network.evaluate(key, () => model, { [network.inputName]: tensor }, outputs, { signal });
  const first = await evaluate(input, [objective, name, aim.layer]);
  const mean = options.samples === 1
    ? first[name].data as Float32Array
    : await smoothed(input, options, async (copy, done) => {
      signal?.throwIfAborted();
      const { [name]: one } = await evaluate(copy, [name]);
      onProgress?.({ done, total: options.samples, unit: "samples" });
      return one.data as Float32Array;
    });
  const value = Number(first[objective].data[0]);
  const wrong = Number.isFinite(value) ? mean.find((one) => !Number.isFinite(one)) : value;
  if (wrong !== undefined) {
    throw new InputError(
      `Cannot show the gradient of ${aim.label}: it or its ${aim.quantity} is ${wrong}, expected ` +
        "numbers; the network or the picture has values that are none, or too large ones",
    );
  }
  return {
    gradient: float32(mean, input.dims),
    output: first[aim.layer],
    value,
  };
}

/** The cascade of random weights, as a picture and as measures. */
async function checkSanity(scope: Scope, gradient: Tensor<"float32">) {
  const { network, aim: { layer }, options: { rule, seed }, context } = scope;
  const stages = await sanityStages({
    ...{ network, layer, seed, gradient },
    gradientOf: async (model, key) => (await gradientOf(scope, model, key)).gradient,
  }, context);
  const [, channels, height, width] = gradient.dims;
  const map = squish(gradient.data.map(Math.abs), channels, height * width);
  return {
    pictures: { sanity: sanityPicture({ map, width, height, stages, rule }) },
    measures: { sanity: stages.map(({ map: _map, ...numbers }) => numbers) },
  };
}

async function smoothed(
  input: Tensor<"float32">,
  { samples, noise, seed }: GradientOptions,
  gradientOf: (copy: Tensor<"float32">, done: number) => Promise<Float32Array>,
): Promise<Float32Array> {
  const sum = new Float64Array(input.data.length);
  for (let i = 0; i < samples; i++) {
    const one = await gradientOf(noisyCopy(input, i, { share: noise, seed }), i + 1);
    one.forEach((value, k) => sum[k] += value);
  }
  return Float32Array.from(sum, (value) => value / samples);
}
