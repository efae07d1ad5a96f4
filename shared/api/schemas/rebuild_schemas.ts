import { z } from "zod";
import type { Immutable } from "./link_schemas.ts";
import { REBUILD_STATES } from "../rebuild_states.ts";

const names = z.array(z.string().regex(/^[\w.-]+$/).max(100)).min(1).max(100).optional();

/** What is asked of `POST /api/rebuild`: all where nothing is named. */
export const rebuildRequestSchema = z.strictObject({
  models: names.describe("Networks whose figures are looked at."),
  sets: names.describe("Figure sets that are looked at."),
}).meta({ id: "RebuildRequest" });

const state = z.enum(REBUILD_STATES).describe("How far a rebuild is.");

/** A rebuild of figures and pages, `GET /api/rebuild/<id>`. */
export const rebuildJobSchema = z.strictObject({
  id: z.string(),
  state,
  models: z.array(z.string()).optional(),
  sets: z.array(z.string()).optional(),
  created: z.iso.datetime(),
  started: z.iso.datetime().optional(),
  ended: z.iso.datetime().optional(),
  lines: z.array(z.string()).describe("The last lines that the build said."),
  reason: z.string().optional().describe("Why it failed."),
}).meta({ id: "Rebuild" });

/** The answer where a pipeline elsewhere rebuilds. */
export const forwardedSchema = z.strictObject({ state: z.literal("forwarded") });

export type RebuildRequest = Immutable<z.infer<typeof rebuildRequestSchema>>;
export type RebuildJob = Immutable<z.infer<typeof rebuildJobSchema>>;
