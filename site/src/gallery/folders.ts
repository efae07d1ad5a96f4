import { join } from "node:path";
import process from "node:process";

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
