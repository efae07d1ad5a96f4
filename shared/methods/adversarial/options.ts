import { z } from "zod";
import { NORMS } from "./smallest_change.ts";

export const adversarialOptions = z.object({
  target: z.string().min(1).default("least-likely")
    .describe(
      'The class that the image shall be taken for: "least-likely", "second" for the one with ' +
        "the second largest score, an index, or a label.",
    ),
  norm: z.enum(NORMS).default("l2")
    .describe(
      "What is made small: l2 the root of the summed squares of the changes, linf the largest one.",
    ),
  confidence: z.number().min(0).max(0.999).default(0)
    .describe("Least probability that the class shall get, beside being the first."),
  steps: z.int().min(1).max(10000).default(150)
    .describe("Steps of the search."),
}).describe("Options of the fooling image.");

export type AdversarialOptions = z.infer<typeof adversarialOptions>;
