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
export async function isSiteStale(): Promise<boolean> {
  const built = (await Deno.stat(join(liveSite(SITE), "index.html")).catch(() => undefined))?.mtime
    ?.getTime();
  if (built === undefined) return true;
  const changed = await Promise.all(SOURCES.map((path) => newest(new URL(path, ROOT))));
  return Math.max(...changed) > built;
}

/** When the file, or the newest file in the folder, was changed. */
async function newest(url: URL): Promise<number> {
  const file = await Deno.stat(url).catch(() => undefined);
  if (!file) return 0;
  const { isDirectory, mtime } = file;
  if (!isDirectory) return mtime?.getTime() ?? 0;
  let latest = 0;
  for await (const { name } of Deno.readDir(url)) {
    latest = Math.max(latest, await newest(new URL(name, `${url}/`)));
  }
  return latest;
}
