import { printable } from "../../shared/printable.ts";

/** Files whose notes were told; those of a folder are read more than once. */
const told = new Set<string>();

/** Writes what a person should know of a file to standard error, once for each file. */
export function tellNotes(path: string, notes: readonly string[]): void {
  if (told.has(path)) return;
  told.add(path);
  for (const note of notes) console.error(printable(`${path}: ${note}`));
}
