import { existsSync } from "node:fs";
import { join } from "node:path";
import { describeMissing } from "../../models/describe_missing.ts";
import { cachePath, DIGEST_ENDING, type HubFile, type ModelFolders } from "../../models/folders.ts";
import { findModel, listModels } from "../../models/list_models.ts";
import type { Manifest } from "../../shared/models/manifest.ts";
import { nearNames } from "../../shared/models/near_names.ts";
import { download, type Downloaded } from "./download.ts";
import { FetchError } from "./fetch_error.ts";
import { writeWhole } from "./files.ts";
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
 * Fetches a network into the cache: the file of a network of the catalogue, or whatever
 * Transformers.js would load of any repository "owner/name" on the hub.
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
  // First by ourselves: if the repository is not there, our message says more.
  const config = { repository: name, file: "config.json", revision: "main" };
  const first = await fetchFile(config, {}, context);
  const files = (await context.hub.filesOf(name)).filter(({ file }) => file !== config.file);
  const others: Fetched[] = [];
  for (const file of files) others.push(await fetchFile(file, {}, context));
  return [first, ...others];
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
): Promise<Fetched> {
  const url = hub.urlOf(file);
  const path = join(folders.cache, cachePath(file));
  const progress = view(`${file.repository}/${file.file}`);
  try {
    const result = await download(url, path, {
      ...retry,
      ...expected,
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
