import { z } from "zod";
import { PIXEL_OPTIMIZERS } from "../../optimize/mod.ts";

export const inversionOptions = z.object({
  layer: z.string().min(1).default("auto")
    .describe(
      'The layer whose code is inverted: a tensor, an alias, "auto" for a middle one, or "all" ' +
        "for the ladder of all layers of the network.",
    ),
  starts: z.int().min(1).max(16).default(2)
    .describe(
      "Pictures that are made from different noise: what they share is what the code says.",
    ),
  optimizer: z.enum(["auto", ...PIXEL_OPTIMIZERS]).default("auto")
    .describe(
      "How a picture moves: momentum with the published schedule of rates, Adam, or by the depth " +
        "of the layer.",
    ),
  tv: z.union([z.literal("auto"), z.number().min(0).max(1e6)]).default("auto")
    .describe(
      "Strength of the total variation, in the paper's units (1, 10 and 100 there), or by the " +
        "depth of the layer.",
    ),
  alpha: z.number().min(0).max(1e6).default(1)
    .describe("Strength of the 6-norm that keeps levels in range; 1 is the published one."),
  steps: z.union([z.literal("auto"), z.int().min(1).max(10000)]).default("auto")
    .describe('Steps of each picture; "auto" is 400 with momentum, as published, 200 with Adam.'),
  compare: z.int().min(2).max(1000).default(100)
    .describe("Pictures of the folder, if there is one, that codes are compared with at most."),
  seed: z.int().min(0).max(2 ** 32 - 1).default(0)
    .describe("Seed of the first start; the others count on."),
}).describe("Options of the inversion.");

export type InversionOptions = z.infer<typeof inversionOptions>;
