import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { existsSync } from "node:fs";
import { HUB_FILE } from "../shared/models/hub_config.ts";
import type { Manifest } from "../shared/models/manifest.ts";

/** Where network files lie on this machine. */
export interface ModelFolders {
  /** Asked first: a folder in the hub's layout. From the environment variable MODEL_MIRROR. */
  readonly mirror: string | undefined;
  /** Filled by `deno task fetch`. From MODEL_CACHE. @default .cache/models in the project */
  readonly cache: string;
  /** Networks of the user's own, which no manifest lists. From OWN_MODELS. @default models/own */
  readonly own?: string;
}

/** The folders that the environment names. An empty variable counts as absent. */
export function modelFolders(): ModelFolders {
  return {
    mirror: Deno.env.get("MODEL_MIRROR") || undefined,
    cache: Deno.env.get("MODEL_CACHE") ||
      fileURLToPath(new URL("../.cache/models", import.meta.url)),
    own: Deno.env.get("OWN_MODELS") || fileURLToPath(new URL("./own", import.meta.url)),
  };
}

/** A file of a hub repository. */
export interface HubFile {
  readonly repository: string;
  readonly file: string;
  readonly revision: string;
}

/** Path of a hub file below a cache folder, as Transformers.js lays it out. */
export function cachePath({ repository, file, revision }: HubFile): string {
  return revision === "main" ? join(repository, file) : join(repository, revision, file);
}

/** Ending of the file beside a fetched one that holds the SHA-256 it had when it was fetched. */
export const DIGEST_ENDING = ".sha256";

const MANIFESTS = fileURLToPath(new URL("./manifests/", import.meta.url));

/** Path of a listed network's file; undefined if it is not on this machine. Nothing is checked. */
export function locateModel(
  manifest: Manifest,
  folders: ModelFolders = modelFolders(),
): string | undefined {
  return placesOf(manifest, folders).find((place) => existsSync(place));
}

/** Where the network's file may lie, in the order of asking. */
function placesOf({ id, source }: Manifest, { mirror, cache }: ModelFolders): string[] {
  if (!("hub" in source)) return [join(MANIFESTS, source.path)];
  const { repository, file } = source.hub;
  const mirrored = mirror === undefined
    ? []
    : [join(mirror, id, HUB_FILE), join(mirror, repository, file)];
  return [...mirrored, join(cache, cachePath(source.hub))];
}
