import { InputError } from "../errors.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { ImageNetwork } from "./image_ascent.ts";

/** Name of the input that takes the features which an image is to have. */
export const FEATURES = "inversion/features";

/** The layer whose features are inverted. */
export interface Inverted extends ImageNetwork {
  /** The ONNX tensor. */
  readonly layer: string;
  /** What the layer is of the original. */
  readonly features: Tensor<"float32">;
}

/** @throws {InputError} If the features are all zeros. */
export function refuseZeros({ layer, features }: Pick<Inverted, "layer" | "features">): void {
  if (features.data.some((value) => value !== 0)) return;
  throw new InputError(
    `Cannot invert "${layer}": its features are all zeros, and so say nothing`,
  );
}
