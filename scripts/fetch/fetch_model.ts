import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import { describeMissing, findModel, listModels } from "../../models/manifests.ts";
import { cachePath, DIGEST_ENDING, type HubFile, type ModelFolders } from "../../models/folders.ts";
import { HUB_CONFIGS, HUB_FILES } from "../../shared/models/hub_config.ts";
import type { Manifest } from "../../shared/models/manifest.ts";
import { decodeModel, externalSizes } from "../../shared/onnx/mod.ts";
import { nearNames } from "../../shared/models/near_names.ts";
import { download, type Downloaded } from "./download.ts";
import { FetchError } from "./fetch_error.ts";
import { type FaultOf, faultOf, shorterThan } from "./fault_of.ts";
import { remove, writeWhole } from "./files.ts";
import type { Hub } from "./hub.ts";
import type { ProgressView } from "./progress_view.ts";
import type { RetryOptions } from "./retry.ts";

export interface FetchContext {
  readonly hub: Hub;
  readonly folders: ModelFolders;
  readonly retry?: RetryOptions;
  readonly view: (label: string) => ProgressView;
}

/**
 * Fetches a network into the cache: the file of a network of the catalogue, or the
 * configuration and the network of any repository "owner/name" on the hub.
 *
 * @returns The files, with what was done about each.
 * @throws {FetchError} If a file cannot be fetched.
 * @throws {RangeError} If the name is neither.
 */
export async function fetchModel(name: string, context: FetchContext): Promise<Fetched[]> {
  const manifest = findModel(name);
  if (manifest) return [await fetchListed(manifest, context)];
  if (!/^\w[\w.-]*\/\w[\w.-]*$/.test(name)) {
    const near = nearNames(name, listModels().map(({ id }) => id), 3).join(", ");
    throw new RangeError(
      `Cannot fetch "${name}": it is not in the catalogue, and not a repository "owner/name"; ` +
        `did you mean ${near}`,
    );
  }
  const fileOf = (file: string) => ({ repository: name, file, revision: "main" });
  // The configuration comes first: its error says most where there is no such repository.
  const [config, preprocessor] = HUB_CONFIGS;
  const fetched = [await fetchFile(fileOf(config), {}, context)];
  const optional = await fetchIfThere(fileOf(preprocessor), context);
  if (optional) fetched.push(optional);
  return [...fetched, ...await fetchNetwork(name, context)];
}

/** The most precise network of a repository, with the files that its weights lie in. */
async function fetchNetwork(repository: string, context: FetchContext): Promise<Fetched[]> {
  for (const file of HUB_FILES) {
    const network = await fetchIfThere({ repository, file, revision: "main" }, context);
    if (!network) continue;
    const fetched = [network];
    for (const [beside, size] of externalSizes(decodeModel(await Deno.readFile(network.path)))) {
      const weights = { repository, file: posix.join(posix.dirname(file), beside) };
      fetched.push(
        await fetchFile({ ...weights, revision: "main" }, {}, context, shorterThan(size)),
      );
    }
    return fetched;
  }
  throw new FetchError(
    `Cannot fetch ${repository}: it has none of ${HUB_FILES.join(", ")}; export it to ONNX ` +
      "(optimum-cli export onnx), or name another repository",
  );
}

/** Undefined where the repository has no such file. */
async function fetchIfThere(file: HubFile, context: FetchContext): Promise<Fetched | undefined> {
  try {
    return await fetchFile(file, {}, context);
  } catch (error) {
    if (error instanceof FetchError && error.status === 404) return undefined;
    throw error;
  }
}

export interface Fetched extends Downloaded {
  readonly path: string;
}

async function fetchListed(manifest: Manifest, context: FetchContext): Promise<Fetched> {
  const { source, id } = manifest;
  if (!("hub" in source)) {
    throw new FetchError(`Cannot fetch ${id}: it is part of the project; there is nothing to do`);
  }
  const hasMirror = context.folders.mirror !== undefined &&
    existsSync(join(context.folders.mirror, source.hub.repository, source.hub.file));
  if (source.hub.public === false && !Deno.env.get("HF_ENDPOINT")) {
    throw new FetchError(
      hasMirror
        ? `Cannot fetch ${id}: MODEL_MIRROR has it already; there is nothing to do`
        : `Cannot fetch ${id}: ${describeMissing(manifest)}`,
    );
  }
  return await fetchFile(source.hub, manifest, context);
}

async function fetchFile(
  file: HubFile,
  expected: Partial<Pick<Manifest, "sha256" | "bytes">>,
  { hub, folders, retry, view }: FetchContext,
  fault: FaultOf = faultOf,
): Promise<Fetched> {
  const url = hub.urlOf(file);
  const path = join(folders.cache, cachePath(file));
  if (await fault(path) !== undefined) {
    // What an earlier version kept is fetched again, and its digest is worth nothing.
    await remove(path);
    await remove(path + DIGEST_ENDING);
  }
  const progress = view(`${file.repository}/${file.file}`);
  try {
    const result = await download(url, path, {
      ...retry,
      ...expected,
      faultOf: fault,
      sha256: expected.sha256 ?? await recorded(path),
      headers: hub.headersFor(url),
      fetch: hub.fetch,
      onProgress: (done, total) => progress.update(done, total),
      onRetry: (error, pause) =>
        progress.note(`${error.message.split(";")[0]}; again in ${Math.ceil(pause / 1000)} s`),
      onWait: () => progress.note(`waiting: ${path} is being fetched by somebody else`),
    });
    if (result.fetched || !existsSync(path + DIGEST_ENDING)) {
      await writeWhole(path + DIGEST_ENDING, `${result.sha256}\n`);
    }
    return { ...result, path };
  } finally {
    progress.stop();
  }
}

/** The digest of the file that is there; a file without one was not fetched by us to the end. */
async function recorded(path: string): Promise<string | undefined> {
  return existsSync(path) && existsSync(path + DIGEST_ENDING)
    ? (await Deno.readTextFile(path + DIGEST_ENDING)).trim()
    : undefined;
}
