import { z } from "zod";

export const classifyOptions = z.object({
  top: z.int().min(1).max(1000).default(5)
    .describe("How many of the most probable classes are named."),
}).describe("Options of the classification.");

export type ClassifyOptions = z.infer<typeof classifyOptions>;
