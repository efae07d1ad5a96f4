import { InputError } from "../errors.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** A layer's activations: one map for each channel; a layer without positions has maps of 1 x 1. */
export interface ChannelMaps {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly values: Float32Array;
}

/**
 * The first input's maps of a layer [N, C, H, W] or [N, C].
 *
 * @throws {RangeError} If the layer has another number of axes, or is not float32.
 */
export function channelMaps({ type, dims, data }: Tensor, layer: string): ChannelMaps {
  if (type !== "float32") {
    throw new InputError(`Cannot show "${layer}" by channel: it is ${type}, expected float32`);
  }
  if (dims.length !== 4 && dims.length !== 2) {
    throw new InputError(
      `Cannot show "${layer}" by channel: its shape is [${dims}], expected [N, C, H, W] or [N, C]`,
    );
  }
  const [, channels, height = 1, width = 1] = dims;
  return {
    channels,
    height,
    width,
    values: (data as Float32Array).subarray(0, channels * height * width),
  };
}
