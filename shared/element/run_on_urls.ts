import type { Progress } from "../contract/method.ts";
import { InputError } from "../errors.ts";
import { encodeFigure } from "../figure/encode_figure.ts";
import { labelsOfFile } from "../models/labels_text.ts";
import { openFile } from "../methods/open_file.ts";
import { run } from "../methods/run_on_image.ts";
import type { MapProgress, MapResult } from "./convscope_map.ts";
import { pickFigure } from "./read_figure.ts";

/** What is run; addresses are relative to the page's. */
export interface UrlJob {
  readonly method: string;
  /** An ONNX file. */
  readonly model?: string;
  /** What has to be known of it beside its file, as JSON; any part of it. */
  readonly manifest?: string;
  /** Names of its classes: one a line, or JSON. */
  readonly labels?: string;
  readonly image?: string;
  readonly options: URLSearchParams;
}

export interface RunOnUrlsOptions {
  /** Which figure of the result. @default its first */
  readonly name?: string;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: MapProgress) => void;
}

/**
 * Fetches a network and an image, and runs a method on them in this thread.
 *
 * @throws {InputError} If the network is not named or cannot be fetched, or what the method refuses.
 * @throws The signal's reason once it is aborted.
 */
export async function runOnUrls(
  { method, model, manifest, labels, image, options }: UrlJob,
  { name, signal, onProgress }: RunOnUrlsOptions,
): Promise<MapResult> {
  if (model === undefined) {
    throw new InputError(
      `Cannot run ${method}: it needs a network, the attribute "model" with the address of an ` +
        ".onnx file",
    );
  }
  const file = await read(model, signal);
  const input = image === undefined ? {} : { image: await read(image, signal) };
  const network = await openFile(file, {
    signal,
    ...manifest !== undefined && { manifest: JSON.parse(await readText(manifest, signal)) },
    ...labels !== undefined && {
      labels: labelsOfFile(await readText(labels, signal), labels),
    },
  });
  try {
    const result = await run(method, network, input, Object.fromEntries(options), {
      signal,
      onProgress: ({ done, total, unit }: Progress) => onProgress({ done, total, unit }),
    });
    const figure = pickFigure(result.figures, name);
    if (!figure) throw new InputError(`Cannot show ${method}: it makes no figure`);
    return { figure: await encodeFigure(figure), result };
  } finally {
    await network[Symbol.asyncDispose]();
  }
}

const readText = async (address: string, signal: AbortSignal) =>
  new TextDecoder().decode(await read(address, signal));

async function read(address: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const url = new URL(address, document.baseURI);
  const response = await fetch(url, { signal });
  if (response.ok) return await response.bytes();
  throw new InputError(`Cannot read ${url}: the answer is ${response.status}`);
}
