import { readFileSync } from "node:fs";
import { type Manifest, parseManifest } from "../shared/models/manifest.ts";

/** The manifest of a network of the catalogue, for tests of layers below the catalogue. */
export function listedManifest(id: string): Manifest {
  const url = new URL(`../models/manifests/${id}.json`, import.meta.url);
  return parseManifest(JSON.parse(readFileSync(url, "utf8")), `${id}.json`);
}
