import { InputError } from "../errors.ts";
import { nearNames } from "./near_names.ts";

/** Longest list of labels in a message. */
const MOST_NAMED = 5;

/** Ways to read a wish, from the strictest; the first that any label fits decides. */
const MATCHES: readonly ((label: string, wish: string) => boolean)[] = [
  (label, wish) => label === wish,
  // "tabby, tabby cat" lists synonyms.
  (label, wish) => label.split(",").some((synonym) => synonym.trim() === wish),
  (label, wish) => label.startsWith(wish),
  (label, wish) => words(label).includes(` ${wish} `),
];

/**
 * The class a person means by its index, its label, one of the label's synonyms, or by a beginning
 * or whole words that only one label has. Case is ignored.
 *
 * @param labels Names of the classes, in the order of the outputs.
 * @returns Index of the output.
 * @throws {RangeError} If no class fits, or several do; with close matches.
 */
export function resolveClass(wish: string, labels: readonly string[]): number {
  const text = wish.trim().toLowerCase();
  if (/^[+-]?\d+$/.test(text)) {
    const index = Number(text);
    if (index >= 0 && index < labels.length) return index;
    throw new InputError(
      `Cannot find the class ${text}: valid are 0 to ${labels.length - 1}, or a label`,
    );
  }
  const lower = labels.map((label) => label.toLowerCase());
  const matches = text === "" ? [] : MATCHES
    .map((fits) => lower.flatMap((label, index) => fits(label, text) ? [index] : []))
    .find((found) => found.length > 0) ?? [];
  if (matches.length === 1) return matches[0];
  const quoted = (index: number) => `"${labels[index]}" (${index})`;
  if (matches.length > 1) {
    const more = matches.length > MOST_NAMED ? `, and ${matches.length - MOST_NAMED} more` : "";
    const named = matches.slice(0, MOST_NAMED).map(quoted).join(", ");
    throw new InputError(`Cannot tell which class "${wish}" is: it fits ${named}${more}`);
  }
  const synonyms = lower.flatMap((label, index) =>
    label.split(",").map((synonym) => ({ synonym: synonym.trim(), index }))
  );
  const near = nearNames(text, synonyms.map(({ synonym }) => synonym), MOST_NAMED)
    .map((name) => synonyms.find(({ synonym }) => synonym === name)!.index);
  throw new InputError(
    `Cannot find the class "${wish}": no label fits; near ones are ` +
      [...new Set(near)].map(quoted).join(", "),
  );
}

/** The words of a label between single spaces. */
function words(label: string): string {
  return ` ${label.replace(/[^\p{L}\p{N}'-]+/gu, " ").trim()} `;
}
