import { z } from "zod";
import { evaluateOption, sanityOption } from "../../evaluation/with_evaluation.ts";
import { TARGET_HELP } from "../../network/target_syntax.ts";

/** Ways to weigh a layer's channels: all but the last by gradients. */
export const CAM_METHODS = [
  "gradcam",
  "gradcam++",
  "hirescam",
  "layercam",
  "xgradcam",
  "scorecam",
] as const;

export type CamMethod = typeof CAM_METHODS[number];

export const camOptions = z.object({
  target: z.string().min(1).default("top-1")
    .describe(`${TARGET_HELP} "top5" is the five most probable classes, on one scale.`),
  layer: z.string().min(1).default("auto")
    .describe(
      'The layer whose activations are weighed; "auto" is the last feature map with more than one ' +
        "position.",
    ),
  method: z.enum(CAM_METHODS).default("gradcam")
    .describe(
      "How channels are weighed: by gradients, or by the score with only what activates a channel " +
        "left in the image (scorecam), which needs no gradient but one forward pass for each channel.",
    ),
  score: z.enum(["logit", "log-probability"]).default("logit")
    .describe("The score of the class: before the softmax, or its logarithm after."),
  channels: z.int().min(1).max(4096).default(256)
    .describe(
      "Score-CAM: at most this many channels, those whose activations differ most; the others have " +
        "a weight of 0.",
    ),
  smooth: z.boolean().default(true)
    .describe(
      "Whether the figure interpolates the map, or shows the cells as they are computed; the numbers are the same.",
    ),
  guided: z.boolean().default(false)
    .describe(
      "Whether to multiply guided backpropagation by the map (Guided Grad-CAM), which takes a " +
        "backward pass down to the image for each class.",
    ),
  sanity: sanityOption,
  evaluate: evaluateOption,
  seed: z.int().min(0).max(2 ** 32 - 1).default(0)
    .describe("Seed of randomised weights."),
}).describe("Options of class activation maps.");

export type CamOptions = z.infer<typeof camOptions>;
