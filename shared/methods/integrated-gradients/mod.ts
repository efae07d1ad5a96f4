/**
 * Integrated gradients: what each pixel adds to the difference of a class's logit between a baseline
 * and the image.
 *
 * @module
 */
import { inOrder } from "../../compute/mod.ts";
import type { Context, ImageInputs, Method, Paper, Run } from "../../contract/method.ts";
import { classScores } from "../../network/class_scores.ts";
import { resolveTarget } from "../../network/target.ts";
import { float32 } from "../../tensor/tensor.ts";
import { baselineOf } from "./baseline.ts";
import { type IntegratedGradientsOptions, integratedGradientsOptions } from "./options.ts";
import { attributionFigure } from "./figures.ts";
import { stepKernel } from "./step.ts";

export * from "./options.ts";

const SUNDARARAJAN_2017: Paper = {
  title: "Axiomatic Attribution for Deep Networks",
  authors: "Mukund Sundararajan, Ankur Taly, Qiqi Yan",
  venue: "ICML",
  year: 2017,
  url: "https://arxiv.org/abs/1703.01365",
};

/** What each pixel adds to a logit, counted from a baseline. */
export const integratedGradients: Method<IntegratedGradientsOptions, ImageInputs> = {
  id: "integrated-gradients",
  title: "Integrated gradients",
  summary:
    "Attributes the logit of a class to the pixels, by gradients on the way from a baseline.",
  paper: SUNDARARAJAN_2017,
  takes: { image: "required" },
  options: integratedGradientsOptions,
  run,
};

async function* run(
  context: Context,
  { image: { tensor: input, ...seen } }: ImageInputs,
  options: IntegratedGradientsOptions,
): Run {
  const { network, signal } = context;
  const { kind, steps } = options;
  // The middles of equal parts; of the image alone, its gradient.
  const shares = kind === "integrated"
    ? Array.from({ length: steps }, (_, k) => (k + 0.5) / steps)
    : [1];
  const samples = options.baseline === "noise" ? options.samples : 1;
  const total = samples * shares.length;
  yield { done: 0, total, unit: "steps" };
  const { logits } = await classScores(network, input, { signal });
  const target = resolveTarget(options.target, logits, network.labelsOf(logits.length));
  const baseline = { baseline: options.baseline, seed: options.seed };
  const job = { input, baseline, index: target.index, shares };

  const attribution = new Float64Array(input.data.length);
  let scoreAtBaseline = 0;
  let from = input;
  const found = context.map(stepKernel, job, Array(total).keys());
  for await (const { item, result } of inOrder(found, (index) => index)) {
    if (item % shares.length === 0) {
      from = baselineOf(input, baseline, item / shares.length);
      const { logits: empty } = await classScores(network, from, { signal });
      scoreAtBaseline += empty[target.index] / samples;
    }
    result.forEach((g, i) => attribution[i] += g * (input.data[i] - from.data[i]) / total);
    yield { done: item + 1, total, unit: "steps" };
  }
  const sum = attribution.reduce((all, value) => all + value, 0);
  const difference = logits[target.index] - scoreAtBaseline;
  const values = float32(Float32Array.from(attribution), input.dims);
  return {
    figures: {
      figure: attributionFigure({ attribution: values, input: seen, label: target.label, options }),
    },
    images: {},
    arrays: { attribution: values },
    measures: {
      target: target.label,
      index: target.index,
      score: logits[target.index],
      scoreAtBaseline,
      completeness: { sum, difference, ratio: difference === 0 ? null : sum / difference },
      gradients: total,
    },
  };
}
