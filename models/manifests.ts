import { type Manifest, parseManifest } from "../shared/models/manifest.ts";
import { parseLabels } from "../shared/models/labels_text.ts";
import { readJson } from "./network_file.ts";

const FOLDER = new URL("./manifests/", import.meta.url);

/** Manifests by their files' names; valid while size and time stay the same. */
const known = new Map<string, { readonly stamp: string; readonly manifest: Manifest }>();

/** The manifests of all networks the project knows, by id; of what is there now. */
export function listModels(): readonly Manifest[] {
  return [...Deno.readDirSync(FOLDER)]
    .filter(({ name }) => name.endsWith(".json"))
    .map(({ name }) => read(name))
    .sort((a, b) => a.id.localeCompare(b.id, "en"));
}

function read(name: string): Manifest {
  const file = new URL(name, FOLDER);
  const { size, mtime } = Deno.statSync(file);
  const stamp = `${size} ${mtime?.getTime()}`;
  const before = known.get(name);
  if (before?.stamp === stamp) return before.manifest;
  const manifest = parseManifest(JSON.parse(Deno.readTextFileSync(file)), name);
  known.set(name, { stamp, manifest });
  return manifest;
}

/** The network of that id, or of that repository on the hub. */
export function findModel(idOrRepository: string): Manifest | undefined {
  return listModels().find(({ id, source }) =>
    id === idOrRepository || ("hub" in source && source.hub.repository === idOrRepository)
  );
}

const LABELS = new URL("./labels/", import.meta.url);

/** Names of a listed network's outputs; undefined where its manifest names none. */
export async function readLabels({ labels }: Manifest): Promise<string[] | undefined> {
  if (!labels) return undefined;
  return parseLabels(await readJson(new URL(labels.file, LABELS)), labels.offset, labels.file);
}

/** What a person does to get a network that is not on this machine. */
export function describeMissing({ id, bytes, licence, source }: Manifest): string {
  const size = bytes === null ? "size unknown" : `${formatMegabytes(bytes)}`;
  const about = `${size}, licence: ${licence.name}`;
  const isMirrored = "hub" in source && source.hub.public === false;
  return isMirrored
    ? `it is not on the public hub; set MODEL_MIRROR to a folder that has it (${about})`
    : `it is not on this machine; get it with "deno task fetch ${id}" (${about})`;
}

/** A size for people: "27.3 MB", of a million bytes each. */
export function formatMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
