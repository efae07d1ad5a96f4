import { join } from "node:path";
import type { Checkpoint } from "../../shared/contract/method.ts";
import { makeFolder, writeAtomically } from "./write_files.ts";

/** A checkpoint that can be removed once the run has ended well. */
export interface FileCheckpoint extends Checkpoint {
  remove(): Promise<void>;
}

/** Keeps how far a run is in a file of the folder of its results. */
export function fileCheckpoint(folder: string, name: string): FileCheckpoint {
  const file = `.${name}.checkpoint`;
  const path = join(folder, file);
  return {
    async load() {
      try {
        return await Deno.readFile(path);
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return undefined;
        throw error;
      }
    },
    async save(bytes) {
      await makeFolder(folder);
      await writeAtomically(folder, file, bytes);
    },
    async remove() {
      await Deno.remove(path).catch((error) => {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      });
    },
  };
}
