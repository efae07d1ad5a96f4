import { basename, dirname, join, resolve } from "node:path";
import { InputError } from "../shared/errors.ts";
import { parseLabels } from "../shared/models/labels.ts";
import type { Manifest } from "../shared/models/manifest.ts";
import { manifestFor, type ManifestOptions, userManifest } from "../shared/models/manifest_for.ts";
import { declaredDims, decodeModel, GraphIndex } from "../shared/onnx/mod.ts";
import { prepareModel } from "../shared/network/open/prepare_model.ts";
import { HUB_FILE, type HubModel, hubModel } from "./hub_model.ts";
import type { OpenModel, OpenModelOptions } from "./open_model.ts";
import { readChecked } from "./read_checked.ts";
import { readJson } from "./read_json.ts";
import { withExternalWeights } from "./with_external_weights.ts";

/**
 * A network of the user's own. Its preprocessing is said, in this order, by the options, by
 * `<name>.json` beside it (a manifest of which only `input` has to be there), by the hub's
 * configuration where it lies in the hub's layout, or by the shape of the graph's input.
 *
 * @throws {NetworkFileError} If there is no such file, or weights it names are missing.
 * @throws {SyntaxError} If the manifest, or the network, cannot be read.
 * @throws {InputError} If the size of the image is said nowhere.
 */
export async function openLocalModel(path: string, options: OpenModelOptions): Promise<OpenModel> {
  const { manifest, labels } = options.input ? {} : await statedBeside(path);
  const remedy = "correct its manifest if the network has changed";
  const file = await readChecked(path, manifest ?? {}, `open ${path}`, remedy);
  const complete = manifest ?? manifestFor({ ...sizeOf(path, file.bytes, options), path });
  const bytes = await withExternalWeights(path, file.bytes);
  return { ...file, bytes, path, manifest: complete, labels };
}

/** What files beside the network say about it. */
async function statedBeside(path: string): Promise<Partial<HubModel>> {
  const beside = path.replace(/\.onnx$/i, ".json");
  const stated = await readJson(beside);
  if (stated !== undefined) {
    const manifest = userManifest(stated, path, beside);
    return { manifest, labels: await labelsBeside(path, manifest) };
  }
  const folder = dirname(dirname(resolve(path)));
  const isHubLayout = resolve(path) === join(folder, HUB_FILE);
  return isHubLayout ? await hubModel(basename(folder), folder) ?? {} : {};
}

/** Options, with what they leave out taken from the declared shape of the graph's input. */
function sizeOf(
  path: string,
  bytes: Uint8Array,
  { input = {}, openSize }: OpenModelOptions,
): Omit<ManifestOptions, "path"> {
  const read = decodeModel(bytes);
  const [name] = new GraphIndex(read.graph).inputs;
  const { graph } = prepareModel(read).model;
  const image = graph.input.find((info) => info.name === name);
  const dims = (image && declaredDims(image)) ?? [];
  const extent = (axis: number) => {
    const value = dims[axis];
    return typeof value === "number" && value > 0 ? value : undefined;
  };
  const height = input.height ?? extent(2) ?? input.width ?? openSize?.height;
  const width = input.width ?? extent(3) ?? openSize?.width ?? height;
  if (height === undefined || width === undefined) {
    throw new InputError(
      `Cannot open ${path}: its input has no fixed size; state one (--size), or write ` +
        basename(path).replace(/\.onnx$/i, ".json"),
    );
  }
  const channelOrder = input.channelOrder ?? (extent(1) === 1 ? "GRAY" : "RGB");
  return { ...input, height, width, channelOrder };
}

async function labelsBeside(path: string, { labels }: Manifest): Promise<string[] | undefined> {
  if (!labels) return undefined;
  const file = join(dirname(path), labels.file);
  return parseLabels(await readJson(file), labels.offset, file);
}
