import type { MethodInput } from "../../shared/contract/method.ts";
import { deprocess } from "../../shared/models/mod.ts";
import type { Network } from "../../shared/network/network.ts";
import { normalAt } from "../../shared/tensor/random.ts";
import { elementCount, float32 } from "../../shared/tensor/tensor.ts";

/** Normally distributed noise, as the network takes it and as an image. */
export function noiseInput({ inputDims: dims, manifest }: Network, seed: number): MethodInput {
  const values = Float32Array.from({ length: elementCount(dims) }, (_, i) => normalAt(seed, i));
  const tensor = float32(values, dims);
  return { tensor, image: deprocess(tensor, manifest.input) };
}
