import { InputError } from "../shared/errors.ts";
import { relative } from "node:path";
import type { Manifest, StatedInput } from "../shared/models/manifest.ts";
import { nearNames } from "../shared/models/near_names.ts";
import {
  describeFile,
  FIELDS,
  OPTIONS,
  type Origins,
  type Statement,
} from "../shared/network/open/describe_file.ts";
import { feedInputs } from "../shared/network/open/feed_inputs.ts";
import { decodeModel, encodeModel } from "../shared/onnx/mod.ts";
import type { Tensor } from "../shared/tensor/tensor.ts";
import { describeMissing, findModel, listModels, readLabels } from "./manifests.ts";
import { DIGEST_ENDING, locateModel, type ModelFolders, modelFolders } from "./folders.ts";
import { hubStatements } from "./hub_model.ts";
import { openLocalModel } from "./local_model.ts";
import { findUnlisted, listUnlisted, type UnlistedModel } from "./list_unlisted.ts";
import { NetworkFileError, readChecked } from "./network_file.ts";
import { withExternalWeights } from "./with_external_weights.ts";

export interface OpenModelOptions {
  /** @default what MODEL_MIRROR and MODEL_CACHE name */
  readonly folders?: ModelFolders;
  /** Preprocessing as it is asked for; counts before all that is said elsewhere. */
  readonly input?: StatedInput;
  /** Labels as they are asked for; count before all that is said elsewhere. */
  readonly labels?: Statement;
  /** Tensors for the inputs beside the image. */
  readonly feeds?: Readonly<Record<string, Tensor>>;
  /** Size of the image for a network of the user's own, where nothing else says it. */
  readonly openSize?: { readonly height?: number; readonly width?: number };
}

/** A network's file, checked, with what has to be known of it. */
export interface OpenModel {
  readonly manifest: Manifest;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sha256: string;
  /** Where the file was found. */
  readonly path: string;
  /** Names of the outputs; undefined where nobody named them. */
  readonly labels?: readonly string[];
  /** By field of the preprocessing: who said it. */
  readonly origins: Origins;
}

/**
 * Opens a network by its id, by its repository on the hub, or by the path of an .onnx file. It is
 * looked for in the mirror, then in the cache; nothing is fetched. Its size and SHA-256 are checked
 * whenever they are known.
 *
 * @throws {NetworkFileError} If it is not on this machine (the message says how to get it), or the
 * file is not the one that the manifest means.
 * @throws {InputError} If there is no network of that name; with the names most like it.
 */
export async function openModel(
  idOrPath: string,
  options: OpenModelOptions = {},
): Promise<OpenModel> {
  if (/\.onnx$/i.test(idOrPath)) return await openLocalModel(idOrPath, options);
  const folders = options.folders ?? modelFolders();
  const manifest = findModel(idOrPath);
  if (manifest) return await openListed(manifest, folders, options);
  const unlisted = findUnlisted(idOrPath, folders);
  if (unlisted) return await openUnlisted(unlisted, options);
  const ids = [...listModels(), ...listUnlisted(folders)].map(({ id }) => id);
  const near = nearNames(idOrPath, ids, 3);
  throw new InputError(
    `Cannot open the network "${idOrPath}": it is not in the catalogue, not a repository in the ` +
      `mirror or the cache, and not the path of an .onnx file; did you mean ${near.join(", ")}`,
  );
}

async function openListed(
  manifest: Manifest,
  folders: ModelFolders,
  options: OpenModelOptions,
): Promise<OpenModel> {
  const path = locateModel(manifest, folders);
  const action = `open the network ${manifest.id}`;
  if (path === undefined) {
    throw new NetworkFileError(
      "network-missing",
      `Cannot ${action}: ${describeMissing(manifest)}`,
    );
  }
  const expected = { ...manifest, sha256: manifest.sha256 ?? await recordedDigest(path) };
  const remedy = `delete it, and run "deno task fetch ${manifest.id}"`;
  const { bytes, sha256 } = await readChecked(path, expected, action, remedy);
  const { labels: stated } = options;
  const labels = stated?.labels ?? await readLabels(manifest);
  const by = "the manifest";
  return {
    bytes: await withExternalWeights(path, bytes),
    ...{ sha256, path, manifest, labels },
    origins: {
      ...Object.fromEntries(FIELDS.map((field) => [field, by])),
      labels: labels && (stated?.by ?? by),
    },
  };
}

/** A network that no manifest lists: a file of the user's, or a repository in the hub's layout. */
async function openUnlisted(
  { id, path, repository }: UnlistedModel,
  options: OpenModelOptions,
): Promise<OpenModel> {
  if (!repository) {
    const opened = await openLocalModel(path, options);
    return { ...opened, manifest: { ...opened.manifest, id } };
  }
  const { name, folder } = repository;
  const expected = { sha256: await recordedDigest(path) };
  const remedy = `run "deno task fetch ${name}"`;
  const { bytes, sha256 } = await readChecked(path, expected, `open ${name}`, remedy);
  const whole = await withExternalWeights(path, bytes);
  const { input, openSize } = options;
  const said: Statement[] = [
    ...input ? [{ by: OPTIONS, input }] : [],
    ...options.labels ? [options.labels] : [],
    ...await hubStatements(folder) ?? [],
    { by: "the hub", rest: hubRest(id, name, relative(folder, path)) },
  ];
  const model = decodeModel(whole);
  const fed = feedInputs(model, options.feeds ?? {});
  const described = describeFile(path, fed, said, openSize);
  return { bytes: fed === model ? whole : encodeModel(fed), sha256, path, ...described };
}

/** What a manifest says of a repository on the hub beside the preprocessing. */
const hubRest = (id: string, repository: string, file: string) => ({
  id,
  title: repository,
  source: { hub: { repository, file: file.replaceAll("\\", "/"), revision: "main" } },
  licence: { name: "see its page on the hub", url: null },
  provenance: `the hub's repository ${repository}`,
});

/** The digest that was written down when the file was fetched. */
async function recordedDigest(path: string): Promise<string | undefined> {
  try {
    return (await Deno.readTextFile(path + DIGEST_ENDING)).trim();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
