import { z } from "zod";

export const weightsOptions = z.object({
  layer: z.string().min(1).default("auto")
    .describe('The layer: a tensor, an alias, a weight\'s own name, or "auto" for the first.'),
  channels: z.string().min(1).default("auto")
    .describe(
      'Units to show: "all", a list such as "0-15,40", or "auto" for as many as fit a page.',
    ),
  range: z.enum(["unit", "layer"]).default("unit")
    .describe("Whether the weights of each unit have a range of their own, or all share one."),
}).describe("Options of the weights.");

export type WeightsOptions = z.infer<typeof weightsOptions>;
