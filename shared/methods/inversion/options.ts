import { z } from "zod";
import { PIXEL_OPTIMIZERS } from "../../optimize/mod.ts";

/** What is assumed of an image beside its features. */
export const PRIORS = ["fourier", "published"] as const;

export const inversionOptions = z.object({
  layer: z.string().min(1).default("auto")
    .describe(
      'The layer whose features is inverted: a tensor, an alias, "auto" for a middle one, or "all" ' +
        "for every layer of the network (a depth sweep).",
    ),
  restarts: z.int().min(1).max(16).default(2)
    .describe(
      "Images that are made from different noise: what they share is what the features says.",
    ),
  prior: z.enum(["auto", ...PRIORS]).default("auto")
    .describe(
      'What is assumed of images: "fourier" the spectrum of natural ones, seen from changing ' +
        'views; "published" little total variation, to which the options of pixels belong; ' +
        '"auto" is the former but for the first layers, which leave least open.',
    ),
  optimizer: z.enum(PIXEL_OPTIMIZERS).default("adam")
    .describe(
      "How pixels move: by Adam within the levels that can be shown, or by momentum with the " +
        "published schedule of rates.",
    ),
  tv: z.union([z.literal("auto"), z.number().min(0).max(1e6)]).default("auto")
    .describe(
      "Strength of the total variation, in the paper's units (1, 10 and 100 there), or by the " +
        "depth of the layer.",
    ),
  alpha: z.union([z.literal("auto"), z.number().min(0).max(1e6)]).default("auto")
    .describe(
      'Strength of the 6-norm that keeps levels in range: "auto" is 1, the published one, with ' +
        "momentum, and 0 with Adam.",
    ),
  jitter: z.int().min(0).max(256).default(0)
    .describe(
      "Largest shift, around the edges, at which the image is seen in a step, after the paper of " +
        "2016; glyphnet's features are reached better without.",
    ).meta({ unit: "pixels" }),
  steps: z.int().min(1).max(10000).default(200)
    .describe("Steps of each image; 400 were published, with momentum."),
  compare: z.int().min(2).max(1000).default(100)
    .describe("Images of the folder, if there is one, that features are compared with at most."),
  seed: z.int().min(0).max(2 ** 32 - 1).default(0)
    .describe("Seed of the first start; the others count on."),
}).describe("Options of the inversion.");

export type InversionOptions = z.infer<typeof inversionOptions>;
