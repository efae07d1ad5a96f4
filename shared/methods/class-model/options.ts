import { z } from "zod";
import { synthesisFields } from "../../synthesis/synthesis_options.ts";

export const classModelOptions = z.object({
  target: z.string().min(1).default("0")
    .describe("The class: an index or a label."),
  score: z.enum(["auto", "logit", "log-odds"]).default("auto")
    .describe(
      "What is raised: the class's own score before the softmax, as published, or how far it is " +
        "above the others, log p / (1 - p); auto is the latter in the recipe fourier.",
    ),
  ...synthesisFields,
  views: synthesisFields.views.default("wide"),
}).describe("Options of the class visualization.");

export type ClassModelOptions = z.infer<typeof classModelOptions>;
