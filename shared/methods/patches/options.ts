import { z } from "zod";

export const patchesOptions = z.object({
  layer: z.string().min(1).default("auto")
    .describe('The layer: a tensor, an alias, or "auto" for the first feature map.'),
  channels: z.string().min(1).default("auto")
    .describe('Channels to look at: "all", a list such as "0-15,40", or "auto" for the first 128.'),
  count: z.int().min(1).max(100).default(9)
    .describe("Images a channel, of those that activate it most and of those that do least."),
}).describe("Options of the patches.");

export type PatchesOptions = z.infer<typeof patchesOptions>;
