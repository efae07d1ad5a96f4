import { z } from "zod";
import type {
  OcclusionOutline as Outline,
  OcclusionScores,
} from "../../contract/occlusion_update.ts";
import { type ImageLink, imageLinkSchema } from "./link_schemas.ts";

/** What is known of an occlusion map before its first position. */
export type OcclusionOutline = Outline<ImageLink>;
export type { OcclusionScores };

export const occlusionOutlineSchema: z.ZodType<OcclusionOutline> = z.strictObject({
  rows: z.int().positive(),
  columns: z.int().positive(),
  window: z.int().positive().meta({ unit: "pixels" }),
  stride: z.int().positive().meta({ unit: "pixels" }),
  target: z.strictObject({ index: z.int(), label: z.string() }),
  score: z.enum(["logit", "probability"]),
  measures: z.enum(["all", "logit"])
    .describe("Whether more than the logit is measured at each position."),
  unoccluded: z.strictObject({
    logit: z.number(),
    probability: z.number(),
    topClass: z.int(),
    topProbability: z.number(),
    layerSum: z.number().nullable(),
  }).describe("The scores without the occluder."),
  layer: z.strictObject({ name: z.string(), channel: z.int() }).nullable(),
  labels: z.array(z.string()),
  image: imageLinkSchema,
  occluder: imageLinkSchema,
}).meta({ id: "OcclusionOutline" });

export const occlusionScoresSchema: z.ZodType<OcclusionScores> = z.strictObject({
  positions: z.array(z.int().nonnegative()).describe("Counted row by row."),
  logit: z.array(z.number()),
  probability: z.array(z.number()).optional(),
  topClass: z.array(z.int()).optional(),
  topProbability: z.array(z.number()).optional(),
  layerSum: z.array(z.number()).optional(),
}).meta({ id: "OcclusionScores" });
