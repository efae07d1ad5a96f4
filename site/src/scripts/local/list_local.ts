import type { ModelDetails, ModelInfo } from "../../../../shared/api/mod.ts";
import { fetchModel, fetchModels } from "../api.ts";
import { isFile, keptFiles } from "./network_store.ts";
import { openKept } from "./open_files.ts";

/** The networks that a page can use. */
export interface LocalList {
  /** Those of files first, the one opened last at the top. */
  readonly models: readonly ModelInfo[];
  /** Whether the functions answer. Without them everything is computed in the browser. */
  readonly hasServer: boolean;
}

/** Networks out of files, and those of the functions where pages are hosted with them. */
export async function listLocal(): Promise<LocalList> {
  const [kept, listed] = await Promise.all([keptFiles(), fetchModels().catch(() => undefined)]);
  const served = Array.isArray(listed) ? listed : undefined;
  return {
    models: [...kept.map(({ details }) => details), ...served ?? []],
    hasServer: served !== undefined,
  };
}

/**
 * One of them in full.
 *
 * @throws {OpenError} If it was opened from a file, and is not kept any more.
 * @throws {ApiError} If the functions do not have it.
 */
export async function describeLocal(id: string): Promise<ModelDetails> {
  return isFile(id) ? (await openKept(id)).details : await fetchModel(id);
}
