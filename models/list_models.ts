import { type Manifest, parseManifest } from "../shared/models/manifest.ts";

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
