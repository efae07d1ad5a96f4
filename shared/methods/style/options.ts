import { z } from "zod";

export const styleOptions = z.object({
  content: z.string().min(1).default("auto")
    .describe('The layer whose features is kept: a tensor, an alias, or "auto" for a middle one.'),
  styles: z.string().min(1).default("auto")
    .describe(
      "The layers whose channels shall occur together as in the style: names between commas, or " +
        '"auto" for up to five of the first feature maps.',
    ),
  weight: z.number().min(0).max(1e6).default(4)
    .describe("Weight of the style against the content."),
  tv: z.number().min(0).max(1e6).default(30)
    .describe("Strength of the total variation, which keeps noise away."),
  start: z.enum(["content", "noise"]).default("content")
    .describe("What the image is made from."),
  steps: z.int().min(1).max(10000).default(200)
    .describe("Steps of the descent."),
  side: z.int().min(32).max(2048).default(512)
    .describe("Longer side of both images, at most; a larger one is shrunk.")
    .meta({ unit: "pixels" }),
  seed: z.int().min(0).max(2 ** 32 - 1).default(0)
    .describe("Seed of the noise."),
}).describe("Options of the style transfer.");

export type StyleOptions = z.infer<typeof styleOptions>;
