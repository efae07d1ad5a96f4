import { fileURLToPath } from "node:url";

const ROOT = new URL("../../", import.meta.url);

/** What the site is made from. */
const SOURCES = ["site/src", "site/public", "site/astro.config.ts", "shared", "deno.json"];
const RESULT = new URL("site/dist/index.html", ROOT);

/** Whether the site was never built, or something it is made from is newer. */
export async function isSiteStale(): Promise<boolean> {
  const built = (await Deno.stat(RESULT).catch(() => undefined))?.mtime?.getTime();
  if (built === undefined) return true;
  const changed = await Promise.all(SOURCES.map((path) => newest(new URL(path, ROOT))));
  return Math.max(...changed) > built;
}

/**
 * Builds the site.
 *
 * @throws {Error} If that fails; what the builder says has been printed.
 */
export async function buildSite(): Promise<void> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "npm:astro", "build", "--root", "site", "--silent"],
    cwd: fileURLToPath(ROOT),
    env: { ASTRO_TELEMETRY_DISABLED: "1" },
  }).spawn().status;
  if (!success) throw new Error("Cannot build the site: see above");
}

/** When the file, or the newest file in the folder, was changed. */
async function newest(url: URL): Promise<number> {
  const { isDirectory, mtime } = await Deno.stat(url);
  if (!isDirectory) return mtime?.getTime() ?? 0;
  let latest = 0;
  for await (const { name } of Deno.readDir(url)) {
    latest = Math.max(latest, await newest(new URL(name, `${url}/`)));
  }
  return latest;
}
