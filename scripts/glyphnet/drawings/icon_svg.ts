import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

interface Box {
  readonly left?: number;
  readonly top?: number;
  readonly width?: number;
  readonly height?: number;
}

/** Iconify's file of a set; https://iconify.design/docs/types/iconify-json.html */
interface IconSet extends Box {
  readonly icons: Readonly<Record<string, Box & { readonly body: string }>>;
  readonly aliases?: Readonly<Record<string, Box & { readonly parent: string }>>;
}

/** Reads the file of a set from its npm package. */
export async function readIconSet(artist: string): Promise<IconSet> {
  const path = createRequire(import.meta.url).resolve(`@iconify-json/${artist}/icons.json`);
  return JSON.parse(await readFile(path, "utf8"));
}

/** An icon as an SVG document with a square view box; undefined if the set does not have it. */
export function iconSvg(set: IconSet, name: string): string | undefined {
  const alias = set.aliases?.[name];
  const icon = set.icons[alias?.parent ?? name];
  if (icon === undefined) return undefined;
  const { left = 0, top = 0, width = 16, height = 16 } = { ...set, ...icon, ...alias };
  const side = Math.max(width, height);
  const box = [left - (side - width) / 2, top - (side - height) / 2, side, side];
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ` +
    `viewBox="${box.join(" ")}">${icon.body}</svg>`;
}
