import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

/** Says what cannot be written and why, in the place of what the system says. */
export function cannotWrite(path: string, cause: unknown): Error {
  const reason =
    cause instanceof Deno.errors.NotCapable || cause instanceof Deno.errors.PermissionDenied
      ? "it may not be written"
      : cause instanceof Deno.errors.AlreadyExists
      ? "there is a file of that name, expected a folder"
      : cause instanceof Deno.errors.IsADirectory
      ? "it is a folder, expected a file"
      : cause instanceof Error
      ? cause.message
      : String(cause);
  return new Error(`Cannot write ${path}: ${reason}`, { cause });
}

/** Makes a folder and those it lies in, where they are not there. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true });
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/**
 * Makes sure that files can be written to a folder, which may not be there yet, and leaves nothing:
 * better before a long run than after it.
 *
 * @throws {Error} If they cannot; the message says why.
 */
export async function checkWritable(folder: string): Promise<void> {
  let nearest = folder;
  try {
    while (!existsSync(nearest)) nearest = dirname(nearest);
    if (!statSync(nearest).isDirectory()) throw new Deno.errors.AlreadyExists();
    await Deno.remove(await Deno.makeTempDir({ dir: nearest, prefix: ".convscope-" }));
  } catch (error) {
    throw cannotWrite(nearest, error);
  }
}

/**
 * Writes a file so that nobody ever sees a part of it.
 *
 * @returns Its path.
 */
export async function writeAtomically(
  folder: string,
  name: string,
  bytes: Uint8Array,
): Promise<string> {
  const path = join(folder, name);
  const unfinished = join(folder, `.${name}.${crypto.randomUUID()}`);
  try {
    await Deno.writeFile(unfinished, bytes);
    await Deno.rename(unfinished, path);
  } catch (error) {
    await Deno.remove(unfinished).catch(() => {});
    throw cannotWrite(path, error);
  }
  return path;
}
