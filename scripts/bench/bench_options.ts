import { z } from "zod";
import { type Backend, chooseBackend } from "../../shared/runtime/mod.ts";
import { listModels, locateModel } from "../../models/mod.ts";

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

/** The backends worth comparing on this machine: WASM, native if installed, a hardware GPU. */
export async function backendsHere(): Promise<Backend[]> {
  const hasNative = await chooseBackend("native").then(() => true, () => false);
  const isGpu = (await chooseBackend("auto")).backend === "webgpu";
  return ["wasm", ...hasNative ? ["native" as const] : [], ...isGpu ? ["webgpu" as const] : []];
}

/** Ids of the networks that are on this machine and score classes. */
export function classifiersHere(): string[] {
  return listModels()
    .filter((model) => model.outputs?.logits !== undefined && locateModel(model) !== undefined)
    .map(({ id }) => id);
}
