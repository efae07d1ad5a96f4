import { z } from "zod";
import { figureSchema } from "./figure_schema.ts";
import {
  arrayLinkSchema,
  fileLinkSchema,
  imageLinkSchema,
  type Immutable,
} from "./link_schemas.ts";
import { occlusionOutlineSchema, occlusionScoresSchema } from "./occlusion_schema.ts";
import { problemSchema } from "./problem_schema.ts";

const byName = <T extends z.ZodType>(schema: T) => z.record(z.string(), schema);

/** What a method found, and with what. */
export const runResultSchema = z.strictObject({
  method: z.string(),
  model: z.string(),
  modelSha256: z.string().regex(/^[0-9a-f]{64}$/).describe("Of the network's file."),
  options: byName(z.unknown()).describe("Every option, defaults included."),
  figures: byName(figureSchema)
    .describe("What to show with words; the addresses of their layers are data URLs."),
  images: byName(imageLinkSchema)
    .describe("Images in their own right, such as a dream or a mask."),
  files: byName(fileLinkSchema).describe("Such as an animation, by name with ending."),
  arrays: byName(arrayLinkSchema),
  measures: byName(z.unknown()),
  notes: z.array(z.string())
    .describe('What a person should know of the images, such as "image: it is blank".'),
  backend: z.string(),
  milliseconds: z.int().nonnegative()
    .describe("Wall time from the upload's last byte to the result."),
}).meta({ id: "Result" });

/** One line of `application/x-ndjson`. The last one is a `result` or an `error`. */
export const runEventSchema = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("start"),
    job: z.string().optional()
      .describe("The job's id over HTTP: `DELETE /api/jobs/<id>` cancels it."),
    total: z.number().nonnegative(),
    unit: z.string(),
    backend: z.string(),
    threads: z.int().positive().optional()
      .describe("Threads that compute, where the browser does."),
    occlusion: occlusionOutlineSchema.optional(),
  }),
  z.strictObject({
    type: z.literal("progress"),
    done: z.number().nonnegative(),
    total: z.number().nonnegative(),
    unit: z.string(),
    occlusion: occlusionScoresSchema.optional(),
    preview: imageLinkSchema.optional(),
  }),
  z.strictObject({ type: z.literal("result"), result: runResultSchema }),
  z.strictObject({ type: z.literal("error"), problem: problemSchema }),
]).meta({ id: "Event", description: "One line; the last one is a result or an error." });

export type RunResult = Immutable<z.infer<typeof runResultSchema>>;
export type RunEvent = Immutable<z.infer<typeof runEventSchema>>;
