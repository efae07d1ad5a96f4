import { extname, join } from "node:path";
import { FORMATS } from "../../shared/image/image_header.ts";

/** Files that are meant as images: those that are read, and those that are worth a refusal. */
const ENDINGS = new Set([
  ...[".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".apng", ".webp", ".avif", ".gif"],
  ...[".heic", ".heif", ".tif", ".tiff", ".bmp", ".jxl", ".jp2", ".svg"],
]);

/** Where macOS keeps its own half of each file in a zip archive. */
const RESOURCE_FORKS = "__MACOSX";

/**
 * The images in a folder and in the folders below it: their paths within it, sorted. Hidden files
 * and folders, and `__MACOSX`, are passed over.
 *
 * @throws {Error} If the folder can't be read or has no images.
 */
export async function imagePaths(folder: string): Promise<string[]> {
  const paths = await pathsIn(folder, "");
  if (paths.length > 0) return paths.sort();
  throw new Error(`Cannot use the folder ${folder}: it has no images, expected ${FORMATS}`);
}

async function pathsIn(folder: string, within: string): Promise<string[]> {
  const paths: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(join(folder, within))) {
      if (name.startsWith(".") || name === RESOURCE_FORKS) continue;
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
