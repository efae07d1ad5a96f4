import { InputError } from "../shared/errors.ts";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Manifest } from "../shared/models/manifest.ts";
import type { ManifestOptions } from "../shared/models/manifest_for.ts";
import { nearNames } from "../shared/models/near_names.ts";
import { describeMissing } from "./describe_missing.ts";
import { DIGEST_ENDING, type ModelFolders, modelFolders } from "./folders.ts";
import { HUB_FILE, hubModel } from "./hub_model.ts";
import { findModel, listModels } from "./list_models.ts";
import { openLocalModel } from "./local_model.ts";
import { locateModel } from "./locate_model.ts";
import { NetworkFileError } from "./network_file_error.ts";
import { readChecked } from "./read_checked.ts";
import { readLabels } from "./read_labels.ts";
import { withExternalWeights } from "./with_external_weights.ts";

export interface OpenModelOptions {
  /** @default what MODEL_MIRROR and MODEL_CACHE name */
  readonly folders?: ModelFolders;
  /** Preprocessing of a network of the user's own; instead of a manifest beside it. */
  readonly input?: Partial<Omit<ManifestOptions, "path">>;
  /** Size of the image for a network of the user's own, where nothing else says it. */
  readonly openSize?: Pick<ManifestOptions, "height" | "width">;
}

/** A network's file, checked, with what has to be known of it. */
export interface OpenModel {
  readonly manifest: Manifest;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sha256: string;
  /** Where the file was found. */
  readonly path: string;
  /** Names of the outputs; undefined where nobody named them. */
  readonly labels?: readonly string[];
}

/**
 * Opens a network by its id, by its repository on the hub, or by the path of an .onnx file. It is
 * looked for in the mirror, then in the cache; nothing is fetched. Its size and SHA-256 are checked
 * whenever they are known.
 *
 * @throws {NetworkFileError} If it is not on this machine (the message says how to get it), or the
 * file is not the one that the manifest means.
 * @throws {InputError} If there is no network of that name; with the names most like it.
 */
export async function openModel(
  idOrPath: string,
  options: OpenModelOptions = {},
): Promise<OpenModel> {
  if (/\.onnx$/i.test(idOrPath)) return await openLocalModel(idOrPath, options);
  const folders = options.folders ?? modelFolders();
  const manifest = findModel(idOrPath);
  if (manifest) return await openListed(manifest, folders);
  const found = await openUnlisted(idOrPath, folders);
  if (found) return found;
  const near = nearNames(idOrPath, listModels().map(({ id }) => id), 3);
  throw new InputError(
    `Cannot open the network "${idOrPath}": it is not in the catalogue, not a repository in the ` +
      `mirror or the cache, and not the path of an .onnx file; did you mean ${near.join(", ")}`,
  );
}

async function openListed(manifest: Manifest, folders: ModelFolders): Promise<OpenModel> {
  const path = locateModel(manifest, folders);
  const action = `open the network ${manifest.id}`;
  if (path === undefined) {
    throw new NetworkFileError(
      "network-missing",
      `Cannot ${action}: ${describeMissing(manifest)}`,
    );
  }
  const expected = { ...manifest, sha256: manifest.sha256 ?? await recordedDigest(path) };
  const remedy = `delete it, and run "deno task fetch ${manifest.id}"`;
  const { bytes, sha256 } = await readChecked(path, expected, action, remedy);
  return {
    bytes: await withExternalWeights(path, bytes),
    ...{ sha256, path, manifest },
    labels: await readLabels(manifest),
  };
}

/** A repository in the hub's layout that the catalogue does not list. */
async function openUnlisted(name: string, folders: ModelFolders): Promise<OpenModel | undefined> {
  // A name becomes a path: only one or two plain segments, so that it cannot leave the folder.
  if (!/^\w[\w.-]*(?:\/\w[\w.-]*)?$/.test(name)) return undefined;
  for (const base of [folders.mirror, folders.cache]) {
    if (base === undefined) continue;
    const path = join(base, name, HUB_FILE);
    const model = existsSync(path) ? await hubModel(name, join(base, name)) : undefined;
    if (!model) continue;
    const expected = { sha256: await recordedDigest(path) };
    const remedy = `delete it, and run "deno task fetch ${name}"`;
    const { bytes, sha256 } = await readChecked(path, expected, `open ${name}`, remedy);
    return { bytes: await withExternalWeights(path, bytes), sha256, path, ...model };
  }
  return undefined;
}

/** The digest that was written down when the file was fetched. */
async function recordedDigest(path: string): Promise<string | undefined> {
  try {
    return (await Deno.readTextFile(path + DIGEST_ENDING)).trim();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
