import type { ClassScores } from "./class_scores.ts";
import type { Network } from "./network.ts";

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
