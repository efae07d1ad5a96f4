import { InputError } from "../errors.ts";
import type { ScoreTarget } from "./score_target.ts";

/** What of a score tells why its gradient may be 0. */
type FlatTarget = Pick<ScoreTarget, "label" | "quantity"> & { readonly spec?: { kind: string } };

/**
 * Why a map would be empty: the gradient of a score is 0 everywhere.
 *
 * @param verb What cannot be done: "map", "attribute".
 * @param by What is differentiated by: "the image", a layer's name in quotes.
 */
export function flatScore(
  { label, quantity, spec }: FlatTarget,
  verb: string,
  by: string,
): InputError {
  const hint = spec?.kind === "log-probability"
    ? "the probability is saturated; take the logit (--score logit)"
    : quantity === "probability"
    ? "the probability is saturated; name the logits before it as the network's output"
    : "it is saturated, or rectifiers on the way are dead; where the scores are probabilities, " +
      "name the logits before them as the network's output";
  return new InputError(
    `Cannot ${verb} ${label}: the gradient of its ${quantity} by ${by} is 0 everywhere, expected ` +
      `one that is not: ${hint}`,
  );
}
