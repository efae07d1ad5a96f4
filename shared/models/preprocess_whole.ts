import type { Image } from "../image/image.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { ManifestInput } from "./manifest.ts";
import { preprocess } from "./preprocess.ts";

/**
 * An image as a network wants it, with nothing of it cut off: for images that were made by a
 * network and are of its input's shape.
 *
 * @returns [1, C, height, width].
 */
export function preprocessWhole(image: Image, input: ManifestInput): Tensor<"float32"> {
  return preprocess(image, { ...input, resize: { stretch: true, filter: "bilinear" } }).tensor;
}
