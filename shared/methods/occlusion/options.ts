import { z } from "zod";
import { evaluateOption } from "../../evaluation/with_evaluation.ts";
import { TARGET_HELP } from "../../network/target_syntax.ts";

/** Contents of the occluder that have a name; a number is a value of the preprocessed input. */
export const FILLS = ["zero", "mean", "grey", "blur", "noise"] as const;

export type Fill = typeof FILLS[number] | number;

export const occlusionOptions = z.object({
  target: z.string().min(1).default("top-1")
    .describe(
      `${TARGET_HELP} Of all but a class, nothing else is measured, with full inference.`,
    ),
  window: z.int().min(1).default(32)
    .describe("Side of the square occluder; at most the shorter side of the input.")
    .meta({ unit: "pixels" }),
  stride: z.int().min(1).default(16)
    .describe("Step from one position to the next; at most the window.")
    .meta({ unit: "pixels" }),
  fill: z.union([z.enum(FILLS), z.number().min(-1e6).max(1e6)]).default("zero")
    .describe(
      "What the occluder shows: zero or another number (values of the preprocessed input), the " +
        "image's mean colour, mid grey, the image blurred, or noise of the image's colours.",
    ),
  score: z.enum(["logit", "probability"]).default("logit")
    .describe("The score whose drop is the attribution: before or after the softmax."),
  layer: z.string().min(1).default("auto")
    .describe(
      'The layer whose strongest channel is mapped: a tensor, an alias, "none", or "auto" for the ' +
        "last one that still is a map.",
    ),
  measures: z.enum(["all", "logit"]).default("all")
    .describe(
      "What is measured at each position: everything, or nothing but the logit of the class, for " +
        "which the last layer needs one row only.",
    ),
  inference: z.enum(["auto", "full", "incremental"]).default("auto")
    .describe(
      "How much is computed at each position: the full network, only what the occluder changes, or " +
        "whichever is expected to be faster. The map is the same up to rounding.",
    ),
  smooth: z.boolean().default(true)
    .describe(
      "Whether the figure interpolates the map, or shows each pixel's mean over the windows; the numbers are the same.",
    ),
  evaluate: evaluateOption,
  seed: z.int().min(0).max(2 ** 32 - 1).default(0)
    .describe("Seed of the noise."),
}).describe("Options of the occlusion map.");

export type OcclusionOptions = z.infer<typeof occlusionOptions>;
