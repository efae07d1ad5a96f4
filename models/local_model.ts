import { basename, dirname, join, resolve, sep } from "node:path";
import { HUB_FILES } from "../shared/models/hub_config.ts";
import { parseLabels } from "../shared/models/labels_text.ts";
import { manifestSchema } from "../shared/models/manifest_schema.ts";
import {
  describeFile,
  OPTIONS,
  statedLabels,
  statedManifest,
  type Statement,
} from "../shared/network/open/describe_file.ts";
import { feedInputs } from "../shared/network/open/feed_inputs.ts";
import { decodeModel, encodeModel } from "../shared/onnx/mod.ts";
import { hubStatements } from "./hub_model.ts";
import { NetworkFileError, readChecked, readJson } from "./network_file.ts";
import type { OpenModel, OpenModelOptions } from "./open_model.ts";
import { withExternalWeights } from "./with_external_weights.ts";

/**
 * A network of the user's own. Each part of its preprocessing is said, in this order, by the
 * options, by `<name>.json` beside it (a manifest of which nothing has to be there), by the hub's
 * configuration where it lies in the hub's layout, by the file's metadata, or by the graph.
 *
 * @throws {NetworkFileError} If there is no such file, or weights it names are missing.
 * @throws {SyntaxError} If the manifest, or the network, cannot be read.
 * @throws {InputError} If the size of the image is said nowhere.
 */
export async function openLocalModel(path: string, options: OpenModelOptions): Promise<OpenModel> {
  const { input, openSize, feeds = {} } = options;
  const beside = await statedBeside(path);
  const said: Statement[] = [
    ...input ? [{ by: OPTIONS, input }] : [],
    ...options.labels ? [options.labels] : [],
    ...beside,
  ];
  const remedy = "correct its manifest if the network has changed";
  const expected = beside.find(({ rest }) => rest)?.rest ?? {};
  const file = await readChecked(path, expectedOf(expected), `open ${path}`, remedy);
  const whole = await withExternalWeights(path, file.bytes);
  const model = decodeModel(whole);
  const fed = feedInputs(model, feeds);
  const { manifest, labels, origins } = describeFile(path, fed, said, openSize);
  const bytes = fed === model ? whole : encodeModel(fed);
  return { ...file, bytes, path, manifest, labels, origins };
}

/** The digest and the size that a manifest states. */
function expectedOf({ sha256, bytes }: Readonly<Record<string, unknown>>) {
  return manifestSchema.pick({ sha256: true, bytes: true }).partial().parse({ sha256, bytes });
}

/**
 * Labels that an option names.
 *
 * @throws {NetworkFileError} If there is no such file.
 * @throws {SyntaxError} If it is no list of labels.
 */
export async function labelsFile(path: string): Promise<Statement> {
  try {
    return statedLabels(await Deno.readTextFile(path), path);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new NetworkFileError(
      "network-missing",
      `Cannot read the labels ${path}: there is no such file`,
      { cause },
    );
  }
}

/** What files beside the network say about it. */
async function statedBeside(path: string): Promise<Statement[]> {
  const beside = path.replace(/\.onnx$/i, ".json");
  const stated = await readJson(beside);
  if (stated !== undefined) {
    const manifest = statedManifest(stated, beside);
    const labels = await labelsBeside(path, manifest.rest?.labels);
    return [{ ...manifest, ...labels && { labels } }];
  }
  const whole = resolve(path);
  for (const file of HUB_FILES) {
    if (!whole.endsWith(`${sep}${join(file)}`)) continue;
    const folder = dirname(whole.slice(0, -join(file).length) + "file");
    const title = basename(folder);
    const statements = await hubStatements(folder);
    if (statements) return [...statements, { by: "the folder", rest: { id: title, title } }];
  }
  return [];
}

async function labelsBeside(path: string, labels: unknown): Promise<string[] | undefined> {
  const { data } = manifestSchema.shape.labels.safeParse(labels);
  if (!data) return undefined;
  const file = join(dirname(path), data.file);
  return parseLabels(await readJson(file), data.offset, file);
}
