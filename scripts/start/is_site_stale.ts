import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { liveSite } from "../../functions/site_files.ts";

const ROOT = new URL("../../", import.meta.url);

/** What the site is made from. */
const SOURCES = [
  "site/src",
  "site/public",
  "site/gallery",
  "site/gallery-own",
  "site/astro.config.ts",
  "shared",
  "deno.json",
];
const SITE = fileURLToPath(new URL("site/dist", ROOT));

/** Whether the site was never built, or something it is made from is newer. */
export function isSiteStale(): boolean {
  const built = changed(join(liveSite(SITE), "index.html"));
  const sources = SOURCES.map((path) => fileURLToPath(new URL(path, ROOT)));
  return built === 0 || sources.some((path) => changed(path) > built || newest(path) > built);
}

/**
 * When the newest file below a folder was changed; 0 of what is no folder. In one go: to wait for
 * each of 10,000 files takes ten times as long.
 */
function newest(folder: string): number {
  let latest = 0;
  try {
    for (const { name, isDirectory } of Deno.readDirSync(folder)) {
      const path = join(folder, name);
      latest = Math.max(latest, isDirectory ? newest(path) : changed(path));
    }
  } catch (error) {
    if (!isNowhere(error)) throw error;
  }
  return latest;
}

/** Milliseconds since 1970; 0 of what is not there, and of a folder. */
function changed(path: string): number {
  try {
    const { mtime, isDirectory } = Deno.statSync(path);
    return isDirectory ? 0 : mtime?.getTime() ?? 0;
  } catch (error) {
    if (isNowhere(error)) return 0;
    throw error;
  }
}

const isNowhere = (error: unknown) =>
  error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
