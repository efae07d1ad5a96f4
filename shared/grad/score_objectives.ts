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

/** Lowers a score out of sight of the others, and is still a number when it is multiplied by 0. */
const FAR_BELOW = -1e6;

/**
 * The logarithm of p / (1 - p) for the probability p of a class, given the logits [N, classes, ...].
 * The class is where the new input `choiceInput`, shaped like them, is 1; elsewhere it is 0.
 *
 * Unlike a logit it does not rise when all scores do, and unlike a log-probability it does not
 * flatten out as p goes to 1.
 */
export function logOdds(logits: string, choiceInput: string): Objective {
  return (emit) => {
    const dims = emit.dims(logits);
    const axes = dims.slice(1).map((_, i) => i + 1);
    const choice = emit.input(choiceInput, dims, emit.fact(logits).type);
    const chosen = emit.reduceSum(emit.mul(logits, choice), axes);
    const rest = emit.add(logits, emit.scale(choice, FAR_BELOW));
    const others = emit.op("ReduceLogSumExp", [rest, emit.ints(axes)], { keepdims: 1 });
    return emit.op("ReduceSum", [emit.sub(chosen, others)], { keepdims: 0 });
  };
}

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
