import { join } from "node:path";
import { cannotWrite } from "./cannot_write.ts";

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
