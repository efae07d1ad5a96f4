import type { Network } from "../../shared/network/network.ts";
import { normalAt } from "../../shared/tensor/random.ts";
import { elementCount, float32, type Tensor } from "../../shared/tensor/tensor.ts";

/** Noise of the shape of a network's input. */
export function noiseFor({ inputDims: dims }: Pick<Network, "inputDims">): Tensor<"float32"> {
  return float32(
    Float32Array.from({ length: elementCount(dims) }, (_, i) => normalAt(1, i)),
    dims,
  );
}
