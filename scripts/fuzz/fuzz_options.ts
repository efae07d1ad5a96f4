import { z } from "zod";

/** Options of `deno task fuzz`. */
export const fuzzOptions = z.object({
  target: z.string().min(1).default("all")
    .describe("What is given the inputs: names with commas between, or all."),
  seed: z.int().min(0).default(1)
    .describe("Chooses the inputs: the same seed, corpus and code give the same ones."),
  inputs: z.int().min(1).default(1_000_000)
    .describe("Inputs for each target at most."),
  seconds: z.number().min(1).default(60)
    .describe("Time for each target at most.").meta({ unit: "seconds" }),
  from: z.int().min(0).default(0)
    .describe("Number of the first input, to repeat one of them with --inputs 1."),
  corpus: z.string().min(1).optional()
    .describe("A folder of further files to start from."),
  replay: z.string().min(1).optional()
    .describe("A file to give to the target as it is, instead."),
  out: z.string().min(1).default(".cache/fuzz")
    .describe("Where inputs that are findings are saved; below .cache."),
});
