import type { Objective } from "./objective.ts";

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
