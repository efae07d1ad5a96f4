import { z } from "zod";
import type { Backend } from "../../shared/runtime/mod.ts";
import { backendsHere } from "./backends_here.ts";
import { classifiersHere } from "./classifiers_here.ts";

/** Options that benchmarks share. */
export const modelsOption = z.string().min(1).optional()
  .describe("Ids of networks, separated by commas. All that are here by default.");

export const backendsOption = z.string()
  .regex(/^(wasm|webgpu|native)(,(wasm|webgpu|native))*$/).optional()
  .describe("Backends to compare, separated by commas. All that are here by default.");

export const jsonOption = z.string().min(1).optional()
  .describe("File to write the figures to as JSON.");

/** The networks that are asked for; all that score classes and are here by default. */
export const modelsOf = (models: string | undefined): readonly string[] =>
  models?.split(",") ?? classifiersHere();

/** The backends that are asked for; all that are here by default. */
export const backendsOf = async (backend: string | undefined): Promise<readonly Backend[]> =>
  backend?.split(",") as Backend[] | undefined ?? await backendsHere();
