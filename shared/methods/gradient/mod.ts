/**
 * Gradients of a class, a unit or a layer's energy with respect to the image, computed by ONNX
 * Runtime from a second graph: plain, guided or by deconvnet, and smoothed over noisy copies.
 *
 * @module
 */
import { inOrder } from "../../compute/mod.ts";
import { SIMONYAN_2014 } from "../../contract/papers.ts";
import type {
  Context,
  ImageInputs,
  Method,
  MethodResult,
  Run,
  Steps,
} from "../../contract/method.ts";
import { flatScore } from "../../network/evaluate_score.ts";
import { gradientModel, type GradientSpec } from "../../network/image_gradient.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";
import { resolveAim } from "./aim.ts";
import { finiteGradient } from "./finite_gradient.ts";
import { type GradientOptions, gradientOptions } from "./options.ts";
import { gradientFigure, maxOverChannels } from "./figures.ts";
import { sanityStages } from "./sanity.ts";
import { sanityFigure } from "../../evaluation/sanity_figure.ts";
import { withEvaluation } from "../../evaluation/with_evaluation.ts";
import { sampleKernel } from "./smooth_grad.ts";

export * from "./options.ts";

/** What every pixel adds to a score. */
export const gradient: Method<GradientOptions, ImageInputs> = {
  id: "gradient",
  title: "Gradient",
  summary: "Shows how the score of a class, or a unit's activation, changes with each pixel.",
  paper: SIMONYAN_2014,
  takes: { image: "required", guide: "optional" },
  options: gradientOptions,
  run,
  async emit({ network, signal }, inputs, options) {
    const aim = await resolveAim(network, inputs, options, signal);
    return gradientModel(network, { aim, rule: options.rule }).model;
  },
};

async function* run(
  context: Context,
  inputs: ImageInputs,
  options: GradientOptions,
): Run {
  const { network, signal } = context;
  const { tensor: input, ...seen } = inputs.image;
  yield { done: 0, total: options.samples, unit: "samples" };
  const aim = await resolveAim(network, inputs, options, signal);
  const spec = { aim, rule: options.rule };
  const first = await finiteGradient(network, spec)(input, { signal });
  if (first.gradient.every((value) => value === 0)) {
    throw flatScore(aim, "show the gradient of", "the image");
  }
  const values = options.samples === 1
    ? first.gradient
    : yield* smoothed(context, input, spec, options);
  const result = float32(values, input.dims);
  const sanity = options.sanity
    ? yield* checkSanity(context, input, spec, result, options)
    : undefined;
  const { channelOrder } = network.manifest.input;
  const made: MethodResult = {
    figures: {
      figure: gradientFigure({ gradient: result, input: seen, channelOrder, ...aim, options }),
      ...sanity?.figures,
    },
    images: {},
    arrays: { gradient: result, output: first.output },
    measures: {
      target: aim.label,
      ...aim.index !== undefined && { targetIndex: aim.index },
      quantity: aim.quantity,
      layer: aim.layer,
      value: first.value,
      l2Norm: Math.sqrt(values.reduce((sum, one) => sum + one * one, 0)),
      largest: values.reduce((most, one) => Math.max(most, Math.abs(one)), 0),
      ...sanity?.measures,
    },
  };
  return yield* withEvaluation(
    context,
    made,
    options.evaluate && (() => ({ input, map: largestOf(result), target: aim })),
  );
}

/** The largest size over the colour channels, at each pixel. */
function largestOf({ data, dims: [, channels, height, width] }: Tensor<"float32">): Float32Array {
  return maxOverChannels(data.map(Math.abs), channels, height * width);
}

/** The mean over noisy copies, added in their order. */
async function* smoothed(
  context: Context,
  input: Tensor<"float32">,
  spec: GradientSpec,
  { samples, noise, seed }: GradientOptions,
): Steps<Float32Array> {
  const sum = new Float64Array(input.data.length);
  const job = { spec, input, noise, seed };
  const found = context.map(sampleKernel, job, Array(samples).keys());
  for await (const { item, result } of inOrder(found, (index) => index)) {
    result.forEach((value, k) => sum[k] += value);
    yield { done: item + 1, total: samples, unit: "samples" };
  }
  return Float32Array.from(sum, (value) => value / samples);
}

/** The cascade of random weights, as a figure and as measures. */
async function* checkSanity(
  context: Context,
  input: Tensor<"float32">,
  spec: GradientSpec,
  gradient: Tensor<"float32">,
  options: GradientOptions,
) {
  const { rule } = spec;
  const stages = yield* sanityStages(context, { spec, input, gradient, options });
  const [, , height, width] = gradient.dims;
  const map = largestOf(gradient);
  return {
    figures: {
      sanity: sanityFigure({ map, width, height, stages, subject: `${rule} backpropagation` }),
    },
    measures: { sanity: stages.map(({ map: _map, ...numbers }) => numbers) },
  };
}
