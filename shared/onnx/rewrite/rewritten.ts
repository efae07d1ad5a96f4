import type { Model } from "../decode_model.ts";

/** A model that was rewritten, and what a person should know of it: one sentence each. */
export interface Rewritten {
  readonly model: Model;
  readonly notes: readonly string[];
}

/** A model with nothing to say about it. */
export const unchanged = (model: Model): Rewritten => ({ model, notes: [] });

/** `"a", "b", "c" and 4 more`: names of tensors or nodes in a sentence. */
export function someNames(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most).map((name) => `"${name}"`).join(", ");
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
