import { join } from "node:path";
import type { ListedImage } from "./image_list.ts";

/** A target as a person wrote it, and the method's options with it. */
export interface TargetOptions {
  readonly target: string;
  /** Validated. */
  readonly options: unknown;
}

/** One of several runs of a method. */
export interface PlannedRun {
  /** Path; absent where none is given, or a tensor is. */
  readonly image?: string;
  /** Only where there are several. */
  readonly target?: string;
  readonly options: unknown;
  /** Of its results, within the folder of all; no two runs have the same. */
  readonly folder: string;
}

/**
 * Every image with every target, the targets of an image next to each other.
 *
 * @param images Several, each with its folder; or at most one, by its path.
 * @param targets Several; or the one that the options name.
 */
export function plannedRuns(
  images: readonly ListedImage[] | string | undefined,
  targets: readonly TargetOptions[],
): PlannedRun[] {
  const shown = typeof images === "object"
    ? images.map(({ path, folder }) => ({ image: path, folder }))
    : [{ ...images !== undefined && { image: images }, folder: "" }];
  if (targets.length === 1) {
    return shown.map((run) => ({ ...run, options: targets[0].options }));
  }
  const folders = foldersOf(targets.map(({ target }) => target));
  return shown.flatMap(({ folder, ...run }) =>
    targets.map(({ target, options }, i) => ({
      ...run,
      target,
      options,
      folder: join(folder, folders[i]),
    }))
  );
}

/** Folders that are called like the targets, as far as files can be. */
function foldersOf(targets: readonly string[]): string[] {
  const taken = new Set<string>();
  return targets.map((target) => {
    const wanted = target.replaceAll(/[^\p{L}\p{N}._]+/gu, "-").replace(/^[.-]+|-+$/g, "") ||
      "target";
    let folder = wanted;
    for (let i = 2; taken.has(folder); i++) folder = `${wanted}-${i}`;
    taken.add(folder);
    return folder;
  });
}
