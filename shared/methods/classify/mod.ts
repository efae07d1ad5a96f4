/**
 * Classification: the most probable classes of an image, with all scores.
 *
 * @module
 */
import type { Context, ImageInputs, Method, Paper, Run } from "../../contract/method.ts";
import { withOutputs } from "../../onnx/mod.ts";
import { classScores, mostProbable, scoreTensors } from "../../network/class_scores.ts";
import { float32 } from "../../tensor/tensor.ts";
import { type ClassifyOptions, classifyOptions } from "./options.ts";
import { classifyFigure } from "./figures.ts";

export * from "./options.ts";

const RUSSAKOVSKY_2015: Paper = {
  title: "ImageNet Large Scale Visual Recognition Challenge",
  authors: "Olga Russakovsky, Jia Deng, Hao Su, Jonathan Krause, Sanjeev Satheesh, Sean Ma, " +
    "Zhiheng Huang, Andrej Karpathy, Aditya Khosla, Michael Bernstein, Alexander C. Berg, Li Fei-Fei",
  venue: "IJCV",
  year: 2015,
  url: "https://arxiv.org/abs/1409.0575",
};

/** What the network takes an image for. */
export const classify: Method<ClassifyOptions, ImageInputs> = {
  id: "classify",
  title: "Classification",
  summary: "Names the most probable classes of an image, with their probabilities.",
  paper: RUSSAKOVSKY_2015,
  takes: { image: "required" },
  options: classifyOptions,
  run,
  emit: ({ network }) => Promise.resolve(withOutputs(network.model, scoreTensors(network))),
};

async function* run(
  { network, signal }: Context,
  { image: { tensor, ...seen } }: ImageInputs,
  { top }: ClassifyOptions,
): Run {
  yield { done: 0, total: 1, unit: "forward passes" };
  const { logits, probabilities } = await classScores(network, tensor, { signal });
  const classes = mostProbable(network, { logits, probabilities }, top);
  return {
    figures: { figure: classifyFigure(seen, classes) },
    images: {},
    arrays: {
      logits: float32(logits, [logits.length]),
      probabilities: float32(probabilities, [probabilities.length]),
    },
    measures: { classes },
  };
}
