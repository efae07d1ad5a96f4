/**
 * Gradients of a class, a unit or a layer's energy with respect to the picture, computed by ONNX
 * Runtime from a second graph: plain, guided or by deconvnet, and smoothed over noisy copies.
 *
 * @module
 */
import { differentiate, type GradientModel } from "../../grad/mod.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";
import type { Network } from "../network.ts";
import type { PictureInputs, RunContext, Technique, TechniqueResult } from "../technique.ts";
import { type Aim, resolveAim } from "./aim.ts";
import { type GradientOptions, gradientOptions } from "./options.ts";
import { gradientPictures } from "./pictures.ts";
import { noisyCopy } from "./smooth_grad.ts";

export * from "./options.ts";

/** What every pixel adds to a score. */
export const gradient: Technique<GradientOptions, PictureInputs> = {
  id: "gradient",
  title: "Gradient",
  summary: "Shows how the score of a class, or a unit's activation, changes with each pixel.",
  paper: {
    title: "Deep Inside Convolutional Networks: Visualising Image Classification Models and " +
      "Saliency Maps",
    authors: "Karen Simonyan, Andrea Vedaldi, Andrew Zisserman",
    venue: "ICLR Workshop",
    year: 2014,
    url: "https://arxiv.org/abs/1312.6034",
  },
  takes: { picture: "required" },
  options: gradientOptions,
  run,
  emit: async (network, { picture: input }, options, { signal }) =>
    build(network, await resolveAim(network, input.tensor, options, signal), options).model,
};

function build(network: Network, aim: Aim, { rule }: GradientOptions): GradientModel {
  return differentiate(network.model, {
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
  { signal, onProgress }: RunContext,
): Promise<TechniqueResult> {
  const aim = await resolveAim(network, input.tensor, options, signal);
  const { model, objective, gradients } = build(network, aim, options);
  const name = gradients[network.inputName];
  const key = JSON.stringify(["gradient", options.rule, aim.quantity, aim.layer, aim.label]);
  const evaluate = (tensor: Tensor<"float32">, outputs: readonly string[]) =>
    network.evaluate(key, () => model, { [network.inputName]: tensor }, outputs, { signal });

  const first = await evaluate(input.tensor, [objective, name, aim.layer]);
  const mean = options.samples === 1
    ? first[name].data as Float32Array
    : await smoothed(input.tensor, options, async (copy, done) => {
      signal?.throwIfAborted();
      const { [name]: one } = await evaluate(copy, [name]);
      onProgress?.({ done, total: options.samples, unit: "samples" });
      return one.data as Float32Array;
    });
  const result = float32(mean, input.tensor.dims);
  const { picture } = input;
  const { channelOrder } = network.manifest.input;
  return {
    pictures: gradientPictures({ gradient: result, picture, channelOrder, ...aim, options }),
    arrays: { gradient: result, output: first[aim.layer] },
    measures: {
      aim: aim.label,
      quantity: aim.quantity,
      layer: aim.layer,
      value: Number(first[objective].data[0]),
      l2Norm: Math.sqrt(mean.reduce((sum, value) => sum + value * value, 0)),
      largest: mean.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
    },
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
