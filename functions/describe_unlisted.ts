import { dirname, join } from "node:path";
import { type OpenModel, openModel, type UnlistedModel } from "../models/mod.ts";
import { HUB_CONFIGS } from "../shared/models/hub_config.ts";
import type { ModelInfo } from "../shared/api/mod.ts";
import { countClasses } from "../shared/network/open/score_outputs.ts";
import { decodeModel } from "../shared/onnx/mod.ts";

/** A network that no manifest lists: what lists say of it, and what its files do. */
export interface UnlistedDetails {
  /** Of a file that cannot be opened it says why. */
  readonly info: ModelInfo;
  /** @throws {Error} If the file cannot be opened. */
  stated(): Pick<OpenModel, "manifest" | "labels">;
}

/** What is known of networks, by path; valid while their files stay the same. */
const known = new Map<
  string,
  { readonly version: string; readonly details: Promise<UnlistedDetails> }
>();

/** Describes a network, once for each state of its files. */
export function describeUnlisted(model: UnlistedModel): Promise<UnlistedDetails> {
  const version = versionOf(model);
  const before = known.get(model.path);
  if (before?.version === version) return before.details;
  const details = describe(model);
  known.set(model.path, { version, details });
  return details;
}

/** Changes whenever the network's file, or one that says something about it, does. */
export function versionOf({ id, path, repository }: UnlistedModel): string {
  const folder = repository?.folder ?? dirname(path);
  const beside = repository
    ? HUB_CONFIGS.map((name) => join(folder, name))
    : [path.replace(/\.onnx$/i, ".json")];
  // The folder's time: labels or weights beside the network came or went.
  return [id, ...[path, ...beside, dirname(path)].map(stampOf)].join();
}

/** Size and time of a file; empty where there is none. */
export function stampOf(path: string): string {
  try {
    const { size, mtime } = Deno.statSync(path);
    return `${size} ${mtime?.getTime()}`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

async function describe({ id, path }: UnlistedModel): Promise<UnlistedDetails> {
  let opened: OpenModel;
  try {
    opened = await openModel(id);
  } catch (error) {
    const info = {
      ...{ id, title: id, licence: { name: "unknown", url: null } },
      ...{ bytes: (await Deno.stat(path)).size, available: false, classes: 0 },
      input: { height: 0, width: 0 },
      fault: (error as Error).message,
    };
    const stated = () => {
      throw error;
    };
    return { info, stated };
  }
  const { manifest, bytes, labels } = opened;
  const { title, licence, input: { height, width } } = manifest;
  const info = {
    ...{ id, title, licence, bytes: bytes.length, available: true, input: { height, width } },
    classes: labels?.length ?? classesOf(opened),
  };
  return { info, stated: () => ({ manifest, labels }) };
}

/** 0 where only opening the network tells. */
function classesOf({ bytes, manifest }: OpenModel): number {
  try {
    return countClasses(decodeModel(bytes), manifest);
  } catch (error) {
    if (error instanceof RangeError) return 0;
    throw error;
  }
}
