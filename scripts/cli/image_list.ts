import { glob } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { imagePaths } from "./image_paths.ts";

/** One of several images. */
export interface ListedImage {
  readonly path: string;
  /** Of its results, within the folder of all; no two images have the same. */
  readonly folder: string;
}

const WILDCARDS = /[*?[{]/;

/**
 * The images that the values of `--image` name: files, folders with the folders below them, and
 * patterns such as `photos/*.jpg`.
 *
 * @returns Undefined if it is one file, and named as one.
 * @throws {Error} If a folder has no images, or a pattern fits none.
 */
export async function imageList(values: readonly string[]): Promise<ListedImage[] | undefined> {
  if (values.length === 0) return undefined;
  const found = await Promise.all(values.map(imagesOf));
  if (values.length === 1 && found[0].isFile) return undefined;
  const images = found.flatMap(({ images }) => images);
  const unique = new Map(images.map((image) => [image.path, image]));
  return withFolders([...unique.values()]);
}

interface Found {
  readonly isFile: boolean;
  readonly images: readonly NamedImage[];
}

interface NamedImage {
  readonly path: string;
  /** Its path within the folder that was given, or its file's name. */
  readonly name: string;
}

async function imagesOf(value: string): Promise<Found> {
  const info = await Deno.stat(value).catch(() => undefined);
  if (info?.isDirectory) {
    const names = await imagePaths(value);
    return { isFile: false, images: names.map((name) => ({ path: join(value, name), name })) };
  }
  // A file may be called like a pattern.
  if (info || !WILDCARDS.test(value)) {
    return { isFile: true, images: [{ path: value, name: basename(value) }] };
  }
  const paths: string[] = [];
  for await (const path of glob(value)) {
    if (!basename(path).startsWith(".") && (await Deno.stat(path)).isFile) paths.push(path);
  }
  if (paths.length === 0) throw new Error(`Cannot use --image ${value}: no file fits it`);
  return {
    isFile: false,
    images: paths.sort().map((path) => ({ path, name: basename(path) })),
  };
}

/** Named after the files without their endings, unless these are what tells them apart. */
function withFolders(images: readonly NamedImage[]): ListedImage[] {
  const stem = (name: string) => name.slice(0, name.length - extname(name).length);
  const counts = new Map<string, number>();
  for (const { name } of images) counts.set(stem(name), (counts.get(stem(name)) ?? 0) + 1);
  const taken = new Set<string>();
  return images.map(({ path, name }) => {
    const wanted = counts.get(stem(name)) === 1 ? stem(name) : name;
    let folder = wanted;
    for (let i = 2; taken.has(folder); i++) folder = `${wanted}-${i}`;
    taken.add(folder);
    return { path, folder };
  });
}
