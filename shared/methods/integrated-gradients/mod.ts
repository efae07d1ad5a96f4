/**
 * Integrated gradients: what each pixel adds to the difference of a class's logit between a baseline
 * and the image.
 *
 * @module
 */
import { inOrder } from "../../compute/mod.ts";
import type {
  Context,
  ImageInputs,
  Method,
  MethodResult,
  Paper,
  Run,
} from "../../contract/method.ts";
import { InputError } from "../../errors.ts";
import { evaluateScore, flatScore } from "../../network/evaluate_score.ts";
import { sumChannels } from "../../contract/panels.ts";
import { withEvaluation } from "../../evaluation/with_evaluation.ts";
import { isOneClass, resolveScoreTarget } from "../../network/resolve_score_target.ts";
import { scoreTensor } from "../../network/target_scores.ts";
import { requireFinite } from "../../network/require_finite.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";
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
  takes: { image: "required", guide: "optional" },
  options: integratedGradientsOptions,
  run,
};

async function* run(
  context: Context,
  { image: { tensor: input, ...seen }, guide }: ImageInputs,
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
  const known = isOneClass(options.target, network)
    ? await network.forward(input, [scoreTensor(network)], { signal })
    : {};
  const request = { target: options.target, input, guide: guide?.tensor, known };
  const target = await resolveScoreTarget(network, request, { signal });
  const scoreAt = async (at: Tensor<"float32">, there: typeof known = {}) => {
    const { [target.layer]: { data, dims } } = target.layer in there
      ? there
      : await network.forward(at, [target.layer], { signal });
    const { value } = evaluateScore(target.spec, { data: data as Float32Array, dims });
    const place = at === input ? "" : " at the baseline";
    requireFinite([value], `attribute ${target.label}`, `its ${target.quantity}${place}`);
    return value;
  };
  const score = await scoreAt(input, known);
  const baseline = { baseline: options.baseline, seed: options.seed };
  const job = { input, baseline, target, shares };

  const attribution = new Float64Array(input.data.length);
  let scoreAtBaseline = 0;
  let isFlat = true;
  let from = input;
  const found = context.map(stepKernel, job, Array(total).keys());
  for await (const { item, result } of inOrder(found, (index) => index)) {
    if (item % shares.length === 0) {
      from = baselineOf(input, baseline, item / shares.length);
      scoreAtBaseline += await scoreAt(from) / samples;
    }
    isFlat &&= result.every((g) => g === 0);
    result.forEach((g, i) => attribution[i] += g * (input.data[i] - from.data[i]) / total);
    yield { done: item + 1, total, unit: "steps" };
  }
  if (isFlat) throw flatScore(target, "attribute", "the image");
  if (attribution.every((value) => value === 0)) {
    throw new InputError(
      `Cannot attribute ${target.label}: wherever its ${target.quantity} changes, the image is as ` +
        `the ${options.baseline} baseline, expected one that differs; try another baseline`,
    );
  }
  const sum = attribution.reduce((all, value) => all + value, 0);
  const difference = score - scoreAtBaseline;
  const values = float32(Float32Array.from(attribution), input.dims);
  const made: MethodResult = {
    figures: {
      figure: attributionFigure({ attribution: values, input: seen, ...target, options }),
    },
    images: {},
    arrays: { attribution: values },
    measures: {
      target: target.label,
      ...target.index !== undefined && { index: target.index },
      quantity: target.quantity,
      score,
      scoreAtBaseline,
      completeness: { sum, difference, ratio: difference === 0 ? null : sum / difference },
      gradients: total,
    },
  };
  return yield* withEvaluation(
    context,
    made,
    options.evaluate && (() => ({ input, map: evidenceOf(values), target })),
  );
}

const evidenceOf = (attribution: Tensor<"float32">) =>
  Float32Array.from(sumChannels(attribution).values);
