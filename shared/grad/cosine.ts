import type { Tensor } from "../tensor/tensor.ts";
import type { Objective } from "./objective.ts";

/**
 * The cosine similarity of a layer, as one vector, with the features of another image.
 *
 * @param features Shaped like the layer, not all 0.
 */
export function cosine(layer: string, { data, dims }: Tensor<"float32">): Objective {
  const norm = Math.sqrt(data.reduce((sum, value) => sum + value * value, 0));
  return (emit) => {
    const direction = emit.array(data.map((value) => value / norm), dims, layer);
    const along = emit.op("ReduceSum", [emit.mul(layer, direction)], { keepdims: 0 });
    return emit.div(along, emit.op("ReduceL2", [layer], { keepdims: 0 }));
  };
}
