import { shortLabel } from "../models/labels.ts";
import { resolveClass } from "../models/resolve_class.ts";
import { argmax } from "./class_scores.ts";
import { InputError } from "../errors.ts";
import type { Network } from "./network.ts";
import type { ScoreSpec, ScoreTarget } from "./score_target.ts";
import type { Scores } from "./target_scores.ts";
import type { ClassTerm } from "./target_syntax.ts";

/** A class of the network. */
export interface Target {
  readonly index: number;
  readonly label: string;
}

/**
 * The class a person means.
 *
 * @param requested "top-1" for the one with the largest score, an index, or a label.
 * @param logits The scores of the input.
 * @param labels Names of the classes, in the order of the scores.
 * @throws {RangeError} If there is no such class; with close matches.
 */
export function resolveTarget(
  requested: string,
  logits: ArrayLike<number>,
  labels: readonly string[],
): Target {
  const index = requested.toLowerCase() === "top-1"
    ? argmax(logits)
    : resolveClass(requested, labels);
  return { index, label: labels[index] };
}

/** The score of a class that can be explained. */
export type ClassScore = "logit" | "log-probability";

/** The score of one class. */
export function classTarget(
  { scoreLink }: Network,
  { layer, totals, labels }: Scores,
  name: string,
  score: ClassScore,
): ScoreTarget {
  const { index, label } = resolveTarget(name, totals, labels);
  const spec: ScoreSpec = score === "logit"
    ? { kind: "sum", terms: [{ weight: 1, at: { channel: index } }] }
    : { kind: "log-probability", index, link: scoreLink };
  // A network may give nothing but probabilities.
  const isShare = score === "logit" && scoreLink === "none";
  return { spec, layer, label, index, quantity: isShare ? "probability" : score };
}

/**
 * The weighted sum of the logits of several classes, such as how much more the one is than the other.
 *
 * @throws {InputError} If another score is asked for.
 */
export function sumTarget(
  network: Network,
  { layer, totals, labels }: Scores,
  terms: readonly ClassTerm[],
  score: ClassScore,
): ScoreTarget {
  if (score !== "logit") {
    throw new InputError("Cannot add up log-probabilities of classes: expected --score logit");
  }
  const found = terms.map(({ weight, name }) => ({
    weight,
    ...resolveTarget(name, totals, labels),
  }));
  const label = found.map(({ weight, label }, i) => {
    const sign = i === 0 ? (weight < 0 ? "-" : "") : weight < 0 ? " - " : " + ";
    const size = Math.abs(weight);
    return `${sign}${size === 1 ? "" : `${size}*`}${shortLabel(label)}`;
  }).join("");
  const { scoreLink } = network;
  return {
    spec: {
      kind: "sum",
      terms: found.map(({ weight, index }) => ({ weight, at: { channel: index } })),
    },
    layer,
    label,
    quantity: scoreLink === "none" ? "sum of probabilities" : "sum of logits",
  };
}
