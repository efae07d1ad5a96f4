import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { HUB_FILE } from "../shared/models/hub_files.ts";
import type { Manifest } from "../shared/models/manifest.ts";
import { cachePath, type ModelFolders, modelFolders } from "./folders.ts";

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
