import { uniformAt } from "../../shared/tensor/random.ts";

/** How often the scenes are drawn anew. */
const DRAWS = 2000;

/** A mean with its interval of 95 % by the percentile bootstrap. */
export interface MeanInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The mean of a value over scenes, and where it would be on other scenes of the kind.
 *
 * @param values One a scene, in the same order for all that is compared: draws are the same then.
 * @see Efron and Tibshirani, "An Introduction to the Bootstrap", 1993
 */
export function bootstrapMean(values: readonly number[], seed = 0): MeanInterval {
  const { length } = values;
  const means = Float64Array.from({ length: DRAWS }, (_, draw) => {
    let sum = 0;
    for (let i = 0; i < length; i++) {
      sum += values[Math.floor(length * uniformAt(seed, draw * length + i))];
    }
    return sum / length;
  }).sort();
  return {
    mean: meanOf(values),
    low: means[Math.floor(0.025 * DRAWS)],
    high: means[Math.ceil(0.975 * DRAWS) - 1],
  };
}

/** NaN of none. */
export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
