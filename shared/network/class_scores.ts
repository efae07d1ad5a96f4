import { InputError } from "../errors.ts";
import type { ScoreLink } from "../grad/mod.ts";
import type { RunOptions } from "../runtime/mod.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Network } from "./network.ts";

/** The scores of all classes for one input. */
export interface ClassScores {
  readonly logits: Float32Array;
  readonly probabilities: Float32Array;
}

/** Index of the largest value; the first of equals. */
export function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}

/** exp(x) / sum exp(x), without overflow. */
export function softmax(logits: Float32Array): Float32Array {
  const peak = logits[argmax(logits)];
  const powers = Float64Array.from(logits, (value) => Math.exp(value - peak));
  const sum = powers.reduce((total, value) => total + value, 0);
  return Float32Array.from(powers, (value) => value / sum);
}

/** 1 / (1 + exp(-x)) of each score. */
const sigmoid = (logits: Float32Array) => logits.map((value) => 1 / (1 + Math.exp(-value)));

/** The probabilities that a link makes of scores. */
export const LINKS: Readonly<Record<ScoreLink, (logits: Float32Array) => Float32Array>> = {
  none: (scores) => scores,
  sigmoid,
  softmax,
};

/** The tensors that {@linkcode scoresIn} reads. */
export function scoreTensors(network: Network): string[] {
  const { logitsTensor, probabilitiesTensor } = network;
  return probabilitiesTensor === undefined ? [logitsTensor] : [logitsTensor, probabilitiesTensor];
}

/**
 * The scores in the results of a forward pass.
 *
 * @param row Which input of the batch.
 * @param batch How many inputs were run at once.
 * @throws {RangeError} If a score is NaN or infinite, as it comes of such an input: nothing that is
 * made from it could be trusted.
 */
export function scoresIn(
  network: Network,
  results: Readonly<Record<string, Tensor>>,
  row = 0,
  batch = 1,
): ClassScores {
  const take = (name: string) => {
    const data = results[name].data as Float32Array;
    const classes = data.length / batch;
    return data.subarray(row * classes, (row + 1) * classes);
  };
  const logits = take(network.logitsTensor);
  const wrong = logits.findIndex((value) => !(value < Infinity));
  if (wrong >= 0) {
    throw new InputError(
      `Cannot compare the classes: the score of class ${wrong} is ${logits[wrong]}, expected a ` +
        "number; the network or the input has non-finite values, or too large ones",
    );
  }
  const { probabilitiesTensor, scoreLink } = network;
  const probabilities = probabilitiesTensor === undefined
    ? LINKS[scoreLink](logits)
    : take(probabilitiesTensor);
  return { logits, probabilities };
}

/** The scores of one input. */
export async function classScores(
  network: Network,
  input: Tensor,
  options: RunOptions = {},
): Promise<ClassScores> {
  return scoresIn(network, await network.forward(input, scoreTensors(network), options));
}

/** A class and its scores for an image. */
export type ProbableClass = {
  readonly index: number;
  readonly label: string;
  readonly probability: number;
  readonly logit: number;
};

/** The `count` most probable classes, most probable first; of equals the one with the higher logit. */
export function mostProbable(
  network: Network,
  { logits, probabilities }: ClassScores,
  count: number,
): ProbableClass[] {
  const labels = network.labelsOf(logits.length);
  return [...logits.keys()]
    .sort((a, b) => probabilities[b] - probabilities[a] || logits[b] - logits[a] || a - b)
    .slice(0, count)
    .map((index) => ({
      index,
      label: labels[index],
      probability: probabilities[index],
      logit: logits[index],
    }));
}
