import { z } from "zod";
import { evaluateOption } from "../../evaluation/with_evaluation.ts";
import { RELEVANCE_RULES } from "../../grad/mod.ts";
import { TARGET_HELP } from "../../network/target_syntax.ts";

export const lrpOptions = z.object({
  target: z.string().min(1).default("top-1").describe(TARGET_HELP),
  rule: z.enum(RELEVANCE_RULES).default("composite")
    .describe(
      "How layers hand relevance on: in proportion to what each input adds (epsilon), to what it " +
        "adds positively (zplus), with the winning sign raised (gamma), or by layer: flat at the " +
        "first, epsilon at dense layers and the classifier, zplus at convolutions (composite).",
    ),
  epsilon: z.number().min(1e-9).max(1e3).default(1e-6)
    .describe("Rules epsilon, gamma and composite: added to sums; more of it keeps less noise."),
  gamma: z.number().min(0).max(1e3).default(0.25)
    .describe("Rule gamma: how much the winning sign is raised; 0 is epsilon."),
  biases: z.boolean().default(true)
    .describe(
      "Whether biases take their share of relevance, as published; without, less of it is lost.",
    ),
  layer: z.string().min(1).optional()
    .describe("Also the relevance of each channel of this layer (concept relevance)."),
  channels: z.int().min(1).max(64).default(6)
    .describe("With a layer: so many of its most relevant channels get a map of their own."),
  visualize: z.boolean().optional()
    .describe(
      "With a layer: whether each channel's map stands beside an image synthesised to activate the " +
        "channel (feature visualization), which takes as long as the method neuron.",
    ),
  evaluate: evaluateOption,
}).describe("Options of layer-wise relevance propagation.");

export type LrpOptions = z.infer<typeof lrpOptions>;
