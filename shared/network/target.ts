import { resolveClass } from "../models/resolve_class.ts";
import { argmax } from "./class_scores.ts";

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
