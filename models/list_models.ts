import { type Manifest, parseManifest } from "../shared/models/manifest.ts";

const FOLDER = new URL("./manifests/", import.meta.url);

let manifests: readonly Manifest[] | undefined;

/** The manifests of all networks the project knows, by id. */
export function listModels(): readonly Manifest[] {
  return manifests ??= [...Deno.readDirSync(FOLDER)]
    .filter(({ name }) => name.endsWith(".json"))
    .map(({ name }) => {
      const text = Deno.readTextFileSync(new URL(name, FOLDER));
      return parseManifest(JSON.parse(text), name);
    })
    .sort((a, b) => a.id.localeCompare(b.id, "en"));
}

/** The network of that id, or of that repository on the hub. */
export function findModel(idOrRepository: string): Manifest | undefined {
  return listModels().find(({ id, source }) =>
    id === idOrRepository || ("hub" in source && source.hub.repository === idOrRepository)
  );
}
