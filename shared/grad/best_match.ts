import type { Objective } from "./objective.ts";

/**
 * How well a layer's positions match the features of a guide: the sum over the positions of the
 * largest dot product with any feature. Its gradient at each position is the feature that wins
 * there, the first of equals; what a guided dream ascends.
 *
 * @param layer A tensor [1, C, H, W] or [1, C].
 * @param featuresInput Name of a new input of the model, [C, count]: one feature a column.
 *
 * @see Mordvintsev et al., "Inceptionism: Going Deeper into Neural Networks", 2015 (the notebook)
 */
export function bestMatch(layer: string, featuresInput: string, count: number): Objective {
  return (emit) => {
    const channels = emit.dims(layer)[1];
    const features = emit.input(featuresInput, [channels, count], emit.fact(layer).type);
    const positions = emit.op("Reshape", [layer, emit.ints([channels, -1])]);
    const products = emit.op("MatMul", [
      emit.op("Transpose", [positions], { perm: [1, 0] }),
      features,
    ]);
    const winners = emit.op("ArgMax", [products], { axis: 1, keepdims: 0 });
    const won = emit.op("Gather", [features, winners], { axis: 1 });
    return emit.op("ReduceSum", [emit.mul(positions, won)], { keepdims: 0 });
  };
}
