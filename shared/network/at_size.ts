import { decodeModel, encodeModel, GraphIndex, resizeInput } from "../onnx/mod.ts";
import { type ManifestInput, planeCount } from "../models/manifest.ts";
import { InputError } from "../errors.ts";
import { prepareModel } from "./open/prepare_model.ts";
import { elementCount, float32 } from "../tensor/tensor.ts";
import type { Network, NetworkSource } from "./network.ts";
import { openNetwork, type OpenNetworkOptions } from "./open_network.ts";

/**
 * Opens a network for images of another size, and tries it: what is behind a dense layer of a fixed
 * number of positions runs at one size alone.
 *
 * @param side Of the input, in pixels; the margin around it grows in proportion.
 * @param fit How the user wants images fitted into it. @default as it was trained
 * @throws {InputError} If the network cannot be run at that size.
 */
export async function openAtSize<Source extends NetworkSource>(
  described: Source,
  side: number,
  fit: (input: ManifestInput) => ManifestInput = (input) => input,
  options: OpenNetworkOptions = {},
): Promise<{ network: Network; source: Source }> {
  const source = atSize(described, side, fit);
  try {
    const network = await openNetwork(source, options);
    const empty = float32(new Float32Array(elementCount(network.inputDims)), network.inputDims);
    await network.forward(empty, [network.mainTensor], options);
    return { network, source };
  } catch (error) {
    options.signal?.throwIfAborted();
    const { id, input: { height, width } } = described.manifest;
    throw new InputError(
      `Cannot run ${id} at ${side} x ${side}: what is behind its feature maps is made for images ` +
        `of ${height} x ${width} (${(error as Error).message})`,
      { cause: error },
    );
  }
}

function atSize<Source extends NetworkSource>(
  source: Source,
  side: number,
  fit: (input: ManifestInput) => ManifestInput,
): Source {
  const { input } = source.manifest;
  const factor = side / Math.min(input.height, input.width);
  const resize = "shortSide" in input.resize
    ? { ...input.resize, shortSide: Math.round(input.resize.shortSide * factor) }
    : input.resize;
  const { name: image, layout } = input;
  const { model } = prepareModel(decodeModel(source.bytes), { image, layout });
  const name = image ?? new GraphIndex(model.graph).inputs[0];
  const dims = [1, planeCount(input), side, side];
  return {
    ...source,
    bytes: encodeModel(resizeInput(model, name, dims)),
    manifest: { ...source.manifest, input: fit({ ...input, height: side, width: side, resize }) },
  };
}
