import { InputError } from "../errors.ts";
import type { InputSpec, Method, MethodInputs } from "./method.ts";

/** What an input is called in a message. */
const NAMES: Readonly<Record<keyof InputSpec, string>> = {
  image: "an image",
  guide: "a second image, the guide",
  corpus: "a folder of images",
};

/** Kinds of input, in the order in which they are asked for. */
export const INPUT_KINDS = Object.keys(NAMES) as (keyof InputSpec)[];

/**
 * Makes sure that a method gets what it takes, and nothing that it would silently ignore.
 *
 * @throws {RangeError} If an input is missing or not one that it takes.
 */
export function checkInputs(
  { id, takes }: Method,
  inputs: { readonly [Kind in keyof InputSpec]?: unknown },
): void {
  for (const kind of INPUT_KINDS) {
    const isThere = inputs[kind] !== undefined;
    if (takes[kind] === "required" && !isThere) {
      throw new InputError(`Cannot run ${id}: it needs ${NAMES[kind]}`);
    }
    if (takes[kind] === undefined && isThere) {
      throw new InputError(`Cannot run ${id} on ${NAMES[kind]}: it takes ${namesOf(takes)}`);
    }
  }
}

function namesOf(takes: InputSpec): string {
  const names = INPUT_KINDS.filter((kind) => takes[kind]).map((kind) => NAMES[kind]);
  return names.length === 0 ? "none, only the network" : names.join(" and ");
}

/**
 * What a person should know of the images that a method looks at: "image: it is animated; only its
 * first frame is looked at". The images of a folder are not among them.
 */
export function inputNotes({ image, guide }: Pick<MethodInputs, "image" | "guide">): string[] {
  return Object.entries({ image, guide }).flatMap(([name, input]) =>
    (input?.notes ?? []).map((note) => `${name}: ${note}`)
  );
}
