import { z } from "zod";

export const activationsOptions = z.object({
  layer: z.string().min(1).default("auto")
    .describe('The layer to look at: a tensor, an alias, or "auto" for the first feature map.'),
  range: z.enum(["channel", "layer"]).default("channel")
    .describe("Whether each channel's colours have a range of their own, or all share one."),
}).describe("Options of the activations.");

export type ActivationsOptions = z.infer<typeof activationsOptions>;
