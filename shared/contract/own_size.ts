import { placementOf } from "../figure/mod.ts";
import { resize } from "../image/resize.ts";
import { asFed } from "../models/mod.ts";
import type { Network } from "../network/network.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { MethodInput } from "./method.ts";

/**
 * The source image as a network is fed, whole and at its own size; for the part of a network that
 * is convolutional and runs at any size.
 *
 * @param mostSide Longer side in pixels; a larger image is shrunk.
 * @returns [1, C, H, W]; the input itself where it was given as a tensor.
 */
export function atOwnSize(
  input: MethodInput,
  { manifest }: Network,
  mostSide: number,
): Tensor<"float32"> {
  if (!input.placement) return input.tensor;
  const { source } = placementOf(input);
  const factor = Math.min(1, mostSide / Math.max(source.width, source.height));
  const [width, height] = [source.width, source.height]
    .map((side) => Math.max(1, Math.round(side * factor)));
  return asFed(factor < 1 ? resize(source, width, height) : source, manifest.input);
}
