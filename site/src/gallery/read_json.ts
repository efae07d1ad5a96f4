import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

/** @throws {SyntaxError} If it is not JSON; names the file, and how to make it again. */
export function readJson<T>(path: string): T {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new SyntaxError(
      `Cannot read ${path}: it is not JSON; "deno task figures" makes damaged figures again`,
      { cause },
    );
  }
}

/** The site's folder: Astro is started with `--root site` from the project's folder. */
const SITE = process.env.SITE_ROOT ?? "site";

/**
 * Folders of figures: those that ship, and those made of the maintainer's own images. GALLERY
 * names others, with commas between.
 */
export const FIGURE_FOLDERS: readonly string[] = process.env.GALLERY?.split(",") ??
  [join(SITE, "gallery"), join(SITE, "gallery-own")];

/** Where the built site has the files of figures. */
export const FIGURE_URL = "/gallery/";
