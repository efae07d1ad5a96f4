import { z } from "zod";

export const similarityOptions = z.object({
  layer: z.string().min(1).default("auto")
    .describe('The layer whose positions are compared; "auto" is the last one with positions.'),
  at: z.string().regex(/^(strongest|\d+,\d+)$/, "expected <row>,<column>, or strongest")
    .default("strongest")
    .describe(
      "The position that all others are compared with, <row>,<column> of the layer from 0; " +
        '"strongest" is the one with the longest vector of features.',
    ),
}).describe("Options of the similarity of positions.");

export type SimilarityOptions = z.infer<typeof similarityOptions>;
