import type { MethodInputs } from "./method.ts";

/**
 * What a person should know of the images that a method looks at: "image: it is animated; only its
 * first frame is looked at". The images of a folder are not among them.
 */
export function inputNotes({ image, guide }: Pick<MethodInputs, "image" | "guide">): string[] {
  return Object.entries({ image, guide }).flatMap(([name, input]) =>
    (input?.notes ?? []).map((note) => `${name}: ${note}`)
  );
}
