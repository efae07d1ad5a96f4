import type { StatedInput } from "../models/manifest.ts";
import type { Network } from "../network/network.ts";
import { openNetwork, type OpenNetworkOptions } from "../network/open_network.ts";
import { describeFile, OPTIONS, statedManifest } from "../network/open/describe_file.ts";
import { decodeModel } from "../onnx/mod.ts";

export interface OpenFileOptions extends OpenNetworkOptions {
  /** How an image becomes the input; what is not said is found in the file, or assumed. */
  readonly input?: StatedInput;
  /** A manifest, of which nothing has to be there: `input`, `outputs`, `layers` and the like. */
  readonly manifest?: unknown;
  /** Names of the classes, in the order of the scores. @default those in the file, or "class 0", ... */
  readonly labels?: readonly string[];
  /** Becomes the network's id. @default "network" */
  readonly name?: string;
  /** Side of the input in pixels, where the file leaves it open. */
  readonly size?: number;
}

/**
 * Opens an ONNX file: preprocessing, class scores and feature maps are found in it, as far as the
 * options do not say them.
 *
 * @param bytes The ONNX file, its weights inside.
 * @throws {SyntaxError} If the manifest is none.
 * @throws {OnnxParseError} If it is no ONNX file.
 * @throws {InputError} If the size of its input is said nowhere, or it takes no image.
 */
export async function openFile(
  bytes: Uint8Array,
  { input, manifest, labels, name = "network", size, ...options }: OpenFileOptions = {},
): Promise<Network> {
  const asked = { by: OPTIONS, ...input && { input }, ...labels && { labels } };
  const said = manifest === undefined ? [asked] : [asked, statedManifest(manifest, "the manifest")];
  const sides = size === undefined ? undefined : { height: size, width: size };
  const described = describeFile(`${name}.onnx`, decodeModel(bytes), said, sides);
  return await openNetwork({ ...described, bytes }, options);
}
