import { InputError } from "../errors.ts";
import type { Network } from "./network.ts";
import { isUnit } from "./resolve_score_target.ts";
import { isLabel } from "./target_scores.ts";
import { parseTarget, type TargetText } from "./target_syntax.ts";

/** What a target can be beside a class. */
export type BeyondClass = "unit" | Exclude<TargetText["kind"], "class">;

const NOUNS: Readonly<Record<BeyondClass, string>> = {
  code: "the similarity with a second image",
  region: "a part of a map of scores",
  sum: "a sum of classes",
  unit: "a unit",
};

/**
 * Refuses targets that are no class, for methods that are about classes.
 *
 * @param verb What cannot be done with it: "visualize".
 * @param reasons Why, or what is there for it instead.
 * @throws {InputError} If the target is written as another kind.
 */
export function requireClass(
  text: string,
  network: Network,
  verb: string,
  reasons: Readonly<Record<BeyondClass, string>>,
): void {
  const kind = isUnit(text, network)
    ? "unit"
    : parseTarget(text, (name) => isLabel(name, network)).kind;
  if (kind === "class") return;
  throw new InputError(
    `Cannot ${verb} "${text}": it is ${NOUNS[kind]}, ${
      reasons[kind]
    }; expected a class, an index ` +
      "or a label",
  );
}
