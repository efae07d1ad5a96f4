import { z } from "zod";
import { parse } from "./manifest.ts";
import { InputError } from "../errors.ts";

/** What an output before the first label stands for. */
const BACKGROUND = "background";

const labelsSchema = z.array(z.string().min(1)).min(1);

/**
 * The names of a network's outputs, in their order.
 *
 * @param value A JSON list of labels.
 * @param offset Output index of the first; the outputs before it are called "background".
 * @param source Where it was read, for the message.
 * @throws {SyntaxError} If it is not a list of labels.
 */
export function parseLabels(value: unknown, offset: number, source: string): string[] {
  const labels = parse(labelsSchema, value, `Cannot read the labels ${source}`);
  return [...Array<string>(offset).fill(BACKGROUND), ...labels];
}

/** The first of the synonyms that an ImageNet label lists. */
export const shortLabel = (label: string): string => label.split(",")[0];

/**
 * The index of a class in another network, which may order its classes otherwise, or have one for
 * the background before them.
 *
 * @param index In `labels`.
 * @throws {RangeError} If the other network has no class of that label.
 */
export function sameClass(
  index: number,
  labels: readonly string[],
  others: readonly string[],
): number {
  const label = labels[index];
  if (others[index] === label) return index;
  // Two classes of ImageNet are both "crane", and two are both "maillot".
  const nth = labels.slice(0, index).filter((other) => other === label).length;
  const found = [...others.keys()].filter((i) => others[i] === label).at(nth);
  if (found !== undefined) return found;
  throw new InputError(`Cannot find the class "${label}" among the ${others.length} of the other`);
}
