import { z } from "zod";

export const deepDreamOptions = z.object({
  layer: z.string().min(1).default("auto")
    .describe('The layer that is activated: a tensor, an alias, or "auto" for a middle one.'),
  octaves: z.int().min(1).max(12).default(4)
    .describe("Sizes at which the image is dreamt into, from small to its own."),
  zoom: z.number().min(1.05).max(4).default(1.4)
    .describe("Ratio of one size to the one before."),
  iterations: z.int().min(1).max(1000).default(10)
    .describe("Steps at each size."),
  step: z.number().min(0).max(100).default(1.5)
    .describe("Mean change of a pixel in a step.").meta({ unit: "levels of 0 to 255" }),
  jitter: z.int().min(0).max(256).default(32)
    .describe("Largest shift of the image between steps.").meta({ unit: "pixels" }),
  enlarge: z.int().min(1).max(8).default(1)
    .describe(
      "How many times as wide and high as the image the dream is; without an image, as the network's input.",
    ),
  side: z.int().min(32).max(4096).default(2048)
    .describe("Longer side of the image that is dreamt into, at most; a larger one is shrunk.")
    .meta({ unit: "pixels" }),
  frames: z.int().min(1).max(600).default(1)
    .describe("Frames of a zoom into the dream, each dreamt into the one before; 1 is no zoom."),
  frameZoom: z.number().min(0).max(0.5).default(0.05)
    .describe("Share of the height and width that the zoom leaves behind in a frame."),
  delay: z.int().min(10).max(10_000).default(100)
    .describe("How long a frame of the zoom is shown.").meta({ unit: "milliseconds" }),
  seed: z.int().min(0).max(2 ** 32 - 1).default(0)
    .describe("Seed of the shifts, and of the noise that is dreamt into without an image."),
}).describe("Options of the dream.");

export type DeepDreamOptions = z.infer<typeof deepDreamOptions>;
