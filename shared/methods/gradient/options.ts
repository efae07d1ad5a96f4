import { z } from "zod";
import { evaluateOption, sanityOption } from "../../evaluation/with_evaluation.ts";
import { RELU_RULES } from "../../grad/mod.ts";
import { TARGET_HELP } from "../../network/target_syntax.ts";

export const gradientOptions = z.object({
  target: z.string().min(1).default("top-1")
    .describe(TARGET_HELP),
  unit: z.string().min(1).optional()
    .describe(
      "Instead of a class: a unit, <layer>:<channel>:<row>:<column>, or a channel summed over its " +
        "positions, <layer>:<channel>.",
    ),
  energy: z.string().min(1).optional()
    .describe("Instead of a class: half the sum of squares of this layer."),
  rule: z.enum(RELU_RULES).default("plain")
    .describe("What rectifiers pass back: the derivative, or by guided backprop or deconvnet."),
  score: z.enum(["logit", "log-probability"]).default("logit")
    .describe("The score of the class: before the softmax, or its logarithm after."),
  samples: z.int().min(1).max(1000).default(1)
    .describe("SmoothGrad: the mean gradient of this many noisy copies of the input; 1 is none."),
  noise: z.number().min(0).max(1).default(0.15)
    .describe("SmoothGrad: standard deviation of the noise, as a share of the input's range."),
  sanity: sanityOption,
  evaluate: evaluateOption,
  seed: z.int().min(0).max(2 ** 32 - 1).default(0)
    .describe("Seed of the noise, and of randomised weights."),
}).describe("Options of the gradient.");

export type GradientOptions = z.infer<typeof gradientOptions>;
