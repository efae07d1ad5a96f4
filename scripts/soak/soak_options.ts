import { z } from "zod";

/** Options of `deno task soak`. */
export const soakOptions = z.object({
  minutes: z.number().positive().default(10)
    .describe("Time for each way of serving.").meta({ unit: "minutes" }),
  models: z.string().min(1).default("glyphnet")
    .describe("Ids of networks, separated by commas."),
  serving: z.string().regex(/^(one|three)(,(one|three))*$/).default("one,three")
    .describe(
      "One process, as deno task start serves; three that hand parts of jobs to each other.",
    ),
  clients: z.int().min(1).default(3)
    .describe("Requests at once."),
  seed: z.int().min(0).default(1)
    .describe("Chooses the order of the requests."),
});
