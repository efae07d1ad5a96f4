import type { Slot } from "./flat_parameters.ts";
import type { TrainOptions } from "./train_options.ts";

const BETA1 = 0.9;
const BETA2 = 0.99;
const EPSILON = 1e-8;

/** What the optimiser keeps between steps. */
export interface AdamState {
  readonly parameters: Float32Array;
  /** Running means of the gradient and of its square. */
  readonly first: Float32Array;
  readonly second: Float32Array;
}

export interface AdamStep {
  /** Number of this step, from 1. */
  readonly step: number;
  readonly rate: number;
  readonly decay: number;
}

/** One step of AdamW (Loshchilov and Hutter, 2019), in place. Only weights are decayed. */
export function adamStep(
  { parameters, first, second }: AdamState,
  gradient: Float32Array,
  slots: readonly Slot[],
  { step, rate, decay }: AdamStep,
): void {
  const correct1 = 1 / (1 - BETA1 ** step);
  const correct2 = 1 / (1 - BETA2 ** step);
  for (const { role, start, count } of slots) {
    const shrink = role === "weight" ? 1 - rate * decay : 1;
    for (let i = start; i < start + count; i++) {
      const g = gradient[i];
      first[i] = BETA1 * first[i] + (1 - BETA1) * g;
      second[i] = BETA2 * second[i] + (1 - BETA2) * g * g;
      const change = first[i] * correct1 / (Math.sqrt(second[i] * correct2) + EPSILON);
      parameters[i] = parameters[i] * shrink - rate * change;
    }
  }
}

/**
 * Learning rate at `step` (from 1): a linear rise, a plateau, then down to 0 by one minus a root,
 * steep at first (Hägele et al., 2024). Until it falls, the total may still be changed.
 */
export function rateAt(
  step: number,
  { rate, warmup, cooldown, steps }: Pick<TrainOptions, "rate" | "warmup" | "cooldown" | "steps">,
): number {
  const rise = Math.min(1, step / warmup);
  const fall = Math.max(0, (step - (steps - cooldown)) / cooldown);
  return rate * rise * (1 - Math.sqrt(fall));
}
