import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { cannotWrite } from "./cannot_write.ts";

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
