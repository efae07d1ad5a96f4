import { parseLabels } from "../shared/models/labels.ts";
import type { Manifest } from "../shared/models/manifest.ts";
import { readJson } from "./read_json.ts";

const LABELS = new URL("./labels/", import.meta.url);

/** Names of a listed network's outputs; undefined where its manifest names none. */
export async function readLabels({ labels }: Manifest): Promise<string[] | undefined> {
  if (!labels) return undefined;
  return parseLabels(await readJson(new URL(labels.file, LABELS)), labels.offset, labels.file);
}
