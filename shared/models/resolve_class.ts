import { InputError } from "../errors.ts";
import { nearNames } from "./near_names.ts";

/** How many labels a message lists of those that fit, and of those that nearly do. */
const MOST_NAMED = 20;
const MOST_NEAR = 5;

/** Ways to read a requested, from the strictest; the first that any label fits decides. */
const MATCHES: readonly ((label: string, requested: string) => boolean)[] = [
  (label, requested) => label === requested,
  // "tabby, tabby cat" lists synonyms.
  (label, requested) => label.split(",").some((synonym) => synonym.trim() === requested),
  (label, requested) => words(label).includes(` ${requested} `),
  (label, requested) => label.split(",").some((synonym) => synonym.trim().startsWith(requested)),
];

/**
 * The class a person means by its index, its label, one of the label's synonyms, whole words of it,
 * or a beginning: by the first of these that fits any label, if it fits one alone. Case is ignored.
 * So "tiger" is no tiger cat, and "cat" no catamaran. What is shown has to name the class.
 *
 * @param labels Names of the classes, in the order of the outputs.
 * @returns Index of the output.
 * @throws {RangeError} If no class fits, or several do; with close matches.
 */
export function resolveClass(requested: string, labels: readonly string[]): number {
  const text = requested.trim().toLowerCase();
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
    throw new InputError(
      `Cannot tell which class "${requested}" is: it fits ${named}${more}, expected an index or a ` +
        "name that fits one",
    );
  }
  const synonyms = lower.flatMap((label, index) =>
    label.split(",").map((synonym) => ({ synonym: synonym.trim(), index }))
  );
  const near = nearNames(text, synonyms.map(({ synonym }) => synonym), MOST_NEAR)
    .map((name) => synonyms.find(({ synonym }) => synonym === name)!.index);
  throw new InputError(
    `Cannot find the class "${requested}": no label fits, did you mean ` +
      [...new Set(near)].map(quoted).join(", "),
  );
}

/** The words of a label between single spaces. */
function words(label: string): string {
  return ` ${label.replace(/[^\p{L}\p{N}'-]+/gu, " ").trim()} `;
}
