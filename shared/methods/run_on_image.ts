import { checkInputs, runMethod, type RunMethodOptions } from "../contract/run_method.ts";
import type { MethodInput, MethodInputs, MethodResult } from "../contract/method.ts";
import { parseOptions } from "../contract/parse_options.ts";
import { decodeImage } from "../image/decode_image.ts";
import type { Image } from "../image/image.ts";
import { preprocessPlaced } from "../models/preprocess.ts";
import type { Network } from "../network/network.ts";
import { loadMethod } from "./registry.ts";

/** A file of an image (JPEG, PNG, WebP, AVIF, GIF), or its pixels. */
export type ImageSource = Uint8Array | Image;

export interface RunInputs extends Pick<MethodInputs, "corpus"> {
  readonly image?: ImageSource;
  /** A second image: what a dream is led by, the style of a transfer. */
  readonly guide?: ImageSource;
}

/** Options of a method by name, as on the command line; those that are left out have defaults. */
export type RunOptions = Readonly<Record<string, string | number | boolean>>;

/**
 * Runs a method on an open network: "cam", "gradient", "occlusion" and the like, as `methods` lists
 * them.
 *
 * @throws {InputError} If there is no such method, it needs another input, or an option is wrong.
 * @throws {ImageError} If a file is no image that can be read.
 * @throws The signal's reason once it is aborted.
 */
export async function run(
  id: string,
  network: Network,
  { image, guide, corpus }: RunInputs = {},
  options: RunOptions = {},
  how: RunMethodOptions = {},
): Promise<MethodResult> {
  const method = await loadMethod(id);
  const texts = Object.entries(options).map(([name, value]) => [name, `${value}`]);
  const parsed = parseOptions(method.options, Object.fromEntries(texts));
  checkInputs(method, { image, guide, corpus });
  const inputs: MethodInputs = {
    ...image && { image: await prepareImage(image, network) },
    ...guide && { guide: await prepareImage(guide, network) },
    ...corpus && { corpus },
  };
  return await runMethod(method, network, inputs, parsed, how);
}

/** An image as the network is fed, and as figures show it. */
export async function prepareImage(source: ImageSource, network: Network): Promise<MethodInput> {
  const image = source instanceof Uint8Array ? await decodeImage(source) : source;
  const notes = "notes" in image ? image.notes as readonly string[] : [];
  return { ...preprocessPlaced(image, network.manifest.input), notes };
}
