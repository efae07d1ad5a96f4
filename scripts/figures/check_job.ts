import { relative, resolve } from "node:path";
import { InputError } from "../../shared/errors.ts";
import { figureId } from "../../shared/gallery/recipe.ts";
import type { FigureJob } from "./job.ts";

/**
 * Makes sure that a job from a queue writes nothing but a figure: whoever reaches the queue can put
 * anything there.
 *
 * @param folders Where figures may be written, and below.
 * @throws {InputError} If its folder is another one, or its id is not the hash of its recipe.
 */
export async function checkJob(job: FigureJob, folders: readonly string[]): Promise<void> {
  if (!folders.some((folder) => isWithin(job.folder, folder))) {
    throw new InputError(
      `Cannot make a figure from the queue: its folder is "${job.folder}", expected ` +
        `${folders.join(" or ")}; see --gallery`,
    );
  }
  const id = await figureId(job.recipe);
  if (job.id === id) return;
  throw new InputError(
    `Cannot make a figure from the queue: its id is "${job.id}", expected ${id}, the hash of its ` +
      "recipe",
  );
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(resolve(folder), resolve(path));
  return way === "" || !/^\.\.($|[/\\])|^[/\\]|^[a-z]:/i.test(way);
}
