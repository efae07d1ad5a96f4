import {
  findModel,
  findUnlisted,
  listModels,
  listUnlisted,
  locateModel,
  openModel,
  readLabels,
  type UnlistedModel,
} from "../models/catalogue.ts";
import { describeMissing } from "../models/describe_missing.ts";
import type { ModelInfo } from "../shared/api/mod.ts";
import { type Manifest, sha256 } from "../shared/models/mod.ts";
import { statedInput } from "../shared/network/open/open_options.ts";
import { digestOf } from "../models/file_digest.ts";
import type { Catalogue, NetworkFile } from "./catalogue.ts";
import { filePart } from "./answers/file_part.ts";
import { describeUnlisted, stampOf, versionOf } from "./describe_unlisted.ts";
import { ProblemError } from "./problem_error.ts";

/** Those that come with the project have no hub to be fetched from. */
const comesWithProject = ({ source }: Manifest) => "path" in source;

/**
 * The networks the project knows, its own first, since they are always there; then those that lie
 * in the folders for networks and that no manifest lists. Of what is there now.
 */
export const modelCatalogue: Catalogue = {
  async list() {
    const listed = listModels().toSorted((a, b) =>
      Number(comesWithProject(b)) - Number(comesWithProject(a))
    );
    return await Promise.all([
      ...listed.map(describe),
      ...listUnlisted().map(async (model) => (await describeUnlisted(model)).info),
    ]);
  },

  async describe(id) {
    const { listed, unlisted } = find(id);
    if (listed) {
      const labels = await readLabels(listed) ?? [];
      return { ...await describe(listed), labels, manifest: listed, layers: listed.layers ?? [] };
    }
    const { info, stated } = await describeUnlisted(unlisted);
    const { manifest, labels = [] } = stated();
    return { ...info, labels, manifest, layers: [] };
  },

  async open(id, { options = {}, labels, feeds } = {}) {
    const isListed = find(id).listed !== undefined;
    const input = statedInput(id, options, isListed);
    return { ...await openModel(id, { input, labels, feeds }), isListed };
  },

  version(id) {
    const { listed, unlisted } = find(id);
    return unlisted ? versionOf(unlisted) : `${listed.id} ${stampOf(locateModel(listed) ?? "")}`;
  },

  async file(id) {
    const { listed } = find(id);
    if (!listed) return await unlistedFile(id);
    const path = locateModel(listed);
    if (path === undefined) {
      const why = `Cannot send the network ${id}: ${describeMissing(listed)}`;
      throw new ProblemError("network-missing", why);
    }
    const { size } = await Deno.stat(path);
    const sha256 = listed.sha256 ?? await digestOf(path);
    return { size, sha256, read: (start, end) => filePart(path, start, end) };
  },
};

/** With the weights that lie beside it. */
async function unlistedFile(id: string): Promise<NetworkFile> {
  const { bytes, sha256: digest, path } = await openModel(id);
  const { size } = await Deno.stat(path);
  if (size === bytes.length) {
    return { size, sha256: digest, read: (start, end) => filePart(path, start, end) };
  }
  return {
    size: bytes.length,
    sha256: await sha256(bytes),
    async *read(start, end) {
      yield await Promise.resolve(bytes.slice(start, end));
    },
  };
}

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

type Found =
  | { readonly listed: Manifest; readonly unlisted?: undefined }
  | { readonly unlisted: UnlistedModel; readonly listed?: undefined };

/** Only what lies in the folders for networks is served: a client's name never becomes a path. */
function find(id: string): Found {
  const listed = findModel(id);
  if (listed) return { listed };
  const unlisted = findUnlisted(id);
  if (unlisted) return { unlisted };
  const ids = [...listModels(), ...listUnlisted()].map((model) => model.id).join(", ");
  throw new ProblemError("network-missing", `There is no network "${id}"; there are ${ids}`);
}
