import { extname, join } from "node:path";

const ENDINGS = new Set([".jpg", ".jpeg", ".png", ".webp"]);

/**
 * The images in a folder and in the folders below it: their paths within it, sorted.
 *
 * @throws {Error} If the folder can't be read or has no images.
 */
export async function imagePaths(folder: string): Promise<string[]> {
  const paths = await pathsIn(folder, "");
  if (paths.length > 0) return paths.sort();
  throw new Error(`Cannot use the folder ${folder}: it has no JPEG, PNG or WebP images`);
}

async function pathsIn(folder: string, within: string): Promise<string[]> {
  const paths: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(join(folder, within))) {
      const path = join(within, name);
      if (isDirectory) paths.push(...await pathsIn(folder, path));
      else if (ENDINGS.has(extname(name).toLowerCase())) paths.push(path);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory)) {
      throw error;
    }
    throw new Error(`Cannot read the folder ${folder}: there is no such folder`, { cause: error });
  }
  return paths;
}
