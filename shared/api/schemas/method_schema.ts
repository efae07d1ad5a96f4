import { z } from "zod";
import type { Immutable } from "./immutable.ts";

/** A method of the registry, as `GET /api/methods` lists it. */
export const methodInfoSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  summary: z.string(),
  paper: z.strictObject({
    title: z.string(),
    authors: z.string(),
    venue: z.string(),
    year: z.int(),
    url: z.url(),
  }),
  takes: z.partialRecord(z.enum(["image", "guide", "corpus"]), z.enum(["required", "optional"]))
    .describe("Which inputs it looks at, and whether each has to be there."),
  options: z.record(z.string(), z.unknown())
    .describe("JSON Schema of the options; descriptions, units and defaults included."),
}).meta({ id: "Method" });

export type MethodInfo = Immutable<z.infer<typeof methodInfoSchema>>;
