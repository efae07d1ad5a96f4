import { HUB_CONFIGS, HUB_FILES } from "../../../../shared/models/hub_config.ts";
import { openFiles, type OpenFilesOptions } from "./open_files.ts";
import { OpenError } from "./open_error.ts";
import type { Answers, OpenedFile } from "./opened_file.ts";

/** Where the hub's files are; it answers pages of any origin. */
const HUB = "https://huggingface.co";

export interface OpenFromHubOptions extends OpenFilesOptions {
  /** @default the public hub */
  readonly hub?: string;
}

/**
 * Opens a network of a repository on the hub, straight from there: for pages that are hosted without
 * the functions. It is then kept as one out of files is.
 *
 * @param repository `owner/name`
 * @throws {OpenError} If there is no such network, the hub cannot be reached, or it cannot be opened.
 */
export async function openFromHub(
  repository: string,
  answers: Answers = {},
  { hub = HUB, ...options }: OpenFromHubOptions = {},
): Promise<OpenedFile> {
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) {
    throw new OpenError(
      "no-network",
      `Cannot open "${repository}": it is not a repository on the hub, expected owner/name`,
    );
  }
  const folder = `${hub}/${repository}/resolve/main`;
  const get = (path: string, name: string) => download(`${folder}/${path}`, name, options);
  let network: File | undefined;
  // The folder of the network, where its weights lie beside it.
  let beside = "";
  for (const file of HUB_FILES) {
    network = await get(file, `${repository.replace("/", "--")}.onnx`);
    beside = file.slice(0, file.lastIndexOf("/") + 1);
    if (network) break;
  }
  if (!network) {
    throw new OpenError(
      "no-network",
      `Cannot open ${repository}: the hub has none of ${
        HUB_FILES.join(", ")
      } of that name that is ` +
        "open to all",
    );
  }
  const described = await Promise.all(HUB_CONFIGS.map((name) => get(name, name)));
  const files = [network, ...described.filter((file) => file !== undefined)];
  try {
    return await openFiles(files, answers, options);
  } catch (error) {
    if (!(error instanceof OpenError) || error.missing.length === 0) throw error;
    const data = await Promise.all(error.missing.map((name) => get(beside + name, name)));
    if (data.includes(undefined)) throw error;
    return await openFiles(
      [...files, ...data.filter((file) => file !== undefined)],
      answers,
      options,
    );
  }
}

/** @returns Undefined if there is no such file. */
async function download(
  url: string,
  name: string,
  { signal, onProgress }: OpenFilesOptions,
): Promise<File | undefined> {
  let answer: Response;
  try {
    answer = await fetch(url, { signal });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new OpenError(
      "unreachable",
      `Cannot fetch ${name}: ${new URL(url).host} cannot be reached from this page`,
      [],
      { cause },
    );
  }
  // Of a repository that is not there, or not public, the hub says 401.
  if ([401, 403, 404].includes(answer.status)) {
    await answer.body?.cancel();
    return undefined;
  }
  if (!answer.ok) {
    throw new OpenError("unreachable", `Cannot fetch ${name}: the hub answers ${answer.status}`);
  }
  const total = Number(answer.headers.get("Content-Length") ?? 0);
  let done = 0;
  const counted = answer.body!.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        done += chunk.length;
        onProgress?.({ stage: "fetching", done, total: Math.max(total, done) });
        controller.enqueue(chunk);
      },
    }),
  );
  return new File([await new Response(counted).blob()], name);
}
