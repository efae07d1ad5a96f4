import { basename, dirname, extname, join } from "node:path";
import type { Network } from "../../shared/network/network.ts";
import type { Corpus } from "../../shared/contract/method.ts";
import { imagePaths } from "./image_paths.ts";
import { corpusInput } from "./read_input.ts";

/** What `deno task glyphs` writes beside its scenes. */
interface ScenesFile {
  readonly scenes: readonly { readonly file: string; readonly mask: string; label: string }[];
}

/**
 * The images in a folder and in the folders below it, ordered by path. What one shows is said by
 * scenes.json if there is one (as `deno task glyphs` writes it), else by the folder it is in, else
 * by a name of the form `<number>_<label>`.
 *
 * @throws {Error} If the folder can't be read or has no images.
 */
export async function folderCorpus(folder: string, network: Network): Promise<Corpus> {
  const all = await imagePaths(folder);
  const scenes = await scenesOf(folder);
  const masks = new Set(scenes.map(({ mask }) => mask));
  const labels = new Map(scenes.map(({ file, label }) => [file, label]));
  const paths = all.filter((path) => !masks.has(path));
  return {
    count: paths.length,
    nameOf: (index) => paths[index],
    labelOf: (index) => labels.get(paths[index]) ?? labelOfPath(paths[index]),
    read: (index) => corpusInput(join(folder, paths[index]), network),
  };
}

function labelOfPath(path: string): string | undefined {
  const parent = dirname(path);
  if (parent !== ".") return basename(parent);
  const [, label] = /^\d+_(.+?)(?:_\d+)?$/.exec(basename(path, extname(path))) ?? [];
  return label?.replaceAll("_", " ");
}

async function scenesOf(folder: string): Promise<ScenesFile["scenes"]> {
  try {
    const { scenes }: ScenesFile = JSON.parse(await Deno.readTextFile(join(folder, "scenes.json")));
    return scenes;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw new Error(`Cannot read ${join(folder, "scenes.json")}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
