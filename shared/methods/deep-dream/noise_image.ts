import { normalAt } from "../../tensor/random.ts";
import { elementCount, float32, type Tensor } from "../../tensor/tensor.ts";
import type { Network } from "../../network/network.ts";

/** The grey in the middle of the levels, and how far the noise strays from it. */
const MIDDLE = 127.5;
const SPREAD = 20;

/** An image of normally distributed noise around mid grey, as it is fed to the network. */
export function noiseImage({ inputDims, manifest }: Network, seed: number): Tensor<"float32"> {
  const { scale, mean, std } = manifest.input;
  const area = inputDims[2] * inputDims[3];
  const data = Float32Array.from({ length: elementCount(inputDims) }, (_, i) => {
    const channel = Math.floor(i / area);
    const level = Math.min(255, Math.max(0, MIDDLE + SPREAD * normalAt(seed, i)));
    return (level * scale - mean[channel]) / std[channel];
  });
  return float32(data, inputDims);
}
