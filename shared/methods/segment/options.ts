import { z } from "zod";
import { RELU_RULES } from "../../grad/mod.ts";
import { TARGET_HELP } from "../../network/target_syntax.ts";

const share = z.number().min(0).max(1);

export const segmentOptions = z.object({
  target: z.string().min(1).default("top-1")
    .describe(
      `${TARGET_HELP} What it depends on is cut out; of one at a place of the image, with --views 1.`,
    ),
  rule: z.enum(RELU_RULES).default("plain")
    .describe("What rectifiers pass back: the derivative, or by guided backprop or deconvnet."),
  views: z.int().min(1).max(10).default(10)
    .describe("Shifted and mirrored copies of the image whose gradients are averaged."),
  shift: share.max(0.25).default(0.0625)
    .describe("By how much the copies are shifted, as a share of the image's sides."),
  smooth: share.max(0.25).default(0.02)
    .describe("Standard deviation of a blur of the gradient, as a share of the shorter side."),
  foreground: share.default(0.95)
    .describe("Pixels from this quantile of the gradient's size are foreground."),
  background: share.default(0.3)
    .describe("Pixels up to this quantile of the gradient's size are background."),
  rounds: z.int().min(0).max(20).default(1)
    .describe("Cuts after the first, each with colours learned from the cut before."),
  strokes: z.string().default("")
    .describe(
      "Corrections, later ones over earlier: discs of foreground (+) and background (-) in pixels " +
        'of the input, "+<x>,<y>,<radius>;-<x>,<y>,<radius>"; with more points, ",<x>,<y>" each, ' +
        "a line through them.",
    ),
}).describe("Options of the segmentation.");

export type SegmentOptions = z.infer<typeof segmentOptions>;
