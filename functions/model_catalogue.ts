import { findModel, listModels, locateModel, openModel, readLabels } from "../models/catalogue.ts";
import type { ModelInfo } from "../shared/api/mod.ts";
import type { Manifest } from "../shared/models/mod.ts";
import type { Catalogue } from "./catalogue.ts";
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
    try {
      return await openModel(id);
    } catch (cause) {
      if (!(cause instanceof Deno.errors.NotFound)) throw cause;
      throw new ProblemError("network-missing", cause.message, { cause });
    }
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
