import { findModel, listModels, locateModel, openModel, readLabels } from "../models/catalogue.ts";
import { describeMissing } from "../models/describe_missing.ts";
import type { ModelInfo } from "../shared/api/mod.ts";
import type { Manifest } from "../shared/models/mod.ts";
import { digestOf } from "../models/file_digest.ts";
import type { Catalogue } from "./catalogue.ts";
import { filePart } from "./answers/file_part.ts";
import { ProblemError } from "./problem_error.ts";

/** Those that come with the project have no hub to be fetched from. */
const isOwn = ({ source }: Manifest) => "path" in source;

/** The networks the project knows; its own first, since they are always there. */
export const modelCatalogue: Catalogue = {
  list: () =>
    Promise.all(
      listModels().toSorted((a, b) => Number(isOwn(b)) - Number(isOwn(a))).map(describe),
    ),

  async describe(id) {
    const manifest = find(id);
    return {
      ...await describe(manifest),
      labels: await readLabels(manifest) ?? [],
      manifest,
      layers: manifest.layers ?? [],
    };
  },

  async open(id) {
    find(id);
    return await openModel(id);
  },

  async file(id) {
    const manifest = find(id);
    const path = locateModel(manifest);
    if (path === undefined) {
      const why = `Cannot send the network ${id}: ${describeMissing(manifest)}`;
      throw new ProblemError("network-missing", why);
    }
    const { size } = await Deno.stat(path);
    const sha256 = manifest.sha256 ?? await digestOf(path);
    return { size, sha256, read: (start, end) => filePart(path, start, end) };
  },
};

async function describe(manifest: Manifest): Promise<ModelInfo> {
  const { id, title, licence, bytes, input } = manifest;
  return {
    id,
    title,
    licence,
    bytes,
    available: locateModel(manifest) !== undefined,
    input: { height: input.height, width: input.width },
    classes: (await readLabels(manifest))?.length ?? 0,
  };
}

/** Only what is listed is served: a name that a client sends never becomes a path. */
function find(id: string): Manifest {
  const manifest = findModel(id);
  if (manifest) return manifest;
  const ids = listModels().map((manifest) => manifest.id).join(", ");
  throw new ProblemError("network-missing", `There is no network "${id}"; there are ${ids}`);
}
