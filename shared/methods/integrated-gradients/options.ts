import { z } from "zod";
import { evaluateOption } from "../../evaluation/with_evaluation.ts";
import { TARGET_HELP } from "../../network/target_syntax.ts";

export const BASELINES = ["zero", "blur", "mean", "noise"] as const;

export const integratedGradientsOptions = z.object({
  target: z.string().min(1).default("top-1")
    .describe(TARGET_HELP),
  kind: z.enum(["integrated", "input-x-gradient"]).default("integrated")
    .describe(
      "The gradient along the way from the baseline to the image, or at the image alone; each times " +
        "the difference of the two.",
    ),
  steps: z.int().min(1).max(1000).default(32)
    .describe("Points between the baseline and the image, at the middles of equal parts."),
  baseline: z.enum(BASELINES).default("zero")
    .describe(
      "The image without evidence, in preprocessed units: zeros, the image blurred, its mean colour, " +
        "or noise of its mean and spread, averaged over samples (expected gradients).",
    ),
  samples: z.int().min(1).max(256).default(8)
    .describe("Baselines of noise; of other baselines there is one."),
  evaluate: evaluateOption,
  seed: z.int().min(0).max(2 ** 32 - 1).default(0)
    .describe("Seed of the noise."),
}).describe("Options of integrated gradients.");

export type IntegratedGradientsOptions = z.infer<typeof integratedGradientsOptions>;
