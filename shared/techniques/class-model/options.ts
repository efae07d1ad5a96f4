import { z } from "zod";
import { synthesisFields } from "../synthesis_options.ts";

export const classModelOptions = z.object({
  target: z.string().min(1).default("0")
    .describe("The class: an index or a label."),
  ...synthesisFields,
}).describe("Options of the class model.");

export type ClassModelOptions = z.infer<typeof classModelOptions>;
