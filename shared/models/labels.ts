import { InputError } from "../errors.ts";

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
