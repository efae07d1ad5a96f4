import { z } from "zod";
import type { Immutable } from "./link_schemas.ts";

/** One thing that is wrong with the options. */
export const optionFaultSchema = z.strictObject({
  path: z.string().describe("Name of the form field."),
  message: z.string().describe("What it is and what would be valid."),
});

/** The body of an error, `application/problem+json` (RFC 9457). */
export const problemSchema = z.strictObject({
  type: z.string().regex(/^\/problems\/#[a-z-]+$/)
    .describe("`/problems/#<kind>`, a page for people."),
  title: z.string().min(1),
  status: z.int().min(400).max(599),
  detail: z.string().describe("What happened this time, for a person."),
  instance: z.string().optional()
    .describe("Names the occurrence in the server's log; only with status 500."),
  retryAfter: z.number().nonnegative().optional()
    .describe("Seconds until it is worth another try; also the `Retry-After` header."),
  errors: z.array(optionFaultSchema).optional().describe("Only with `invalid-options`."),
}).meta({ id: "Problem" });

export type OptionFault = Immutable<z.infer<typeof optionFaultSchema>>;
export type Problem = Immutable<z.infer<typeof problemSchema>>;
