import { z } from "zod";

export const attentionOptions = z.object({
  layer: z.string().min(1).default("auto")
    .describe(
      'The layer of attention: its number from 0, the name of its softmax, or "auto" for the last; ' +
        "the rollout goes up to it.",
    ),
  query: z.string().regex(/^(auto|class|mean|\d+,\d+)$/, "expected class, mean, or <row>,<column>")
    .default("auto")
    .describe(
      'The token that reads the others: "class", a position <row>,<column> from 0, or "mean" for the ' +
        'mean over all of them; "auto" is the class token where there is one.',
    ),
  heads: z.int().min(0).max(64).default(12)
    .describe("At most this many heads have a panel of their own; the arrays hold all."),
  smooth: z.boolean().default(true)
    .describe(
      "Whether the figure interpolates maps, or shows the cells as they are computed; the numbers are the same.",
    ),
}).describe("Options of the attention maps.");

export type AttentionOptions = z.infer<typeof attentionOptions>;
