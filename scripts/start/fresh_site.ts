import { fileURLToPath } from "node:url";
import { withFileLock } from "../fetch/file_lock.ts";
import { isSiteStale } from "./is_site_stale.ts";
import { publishSite } from "./publish_site.ts";

const LOCK = fileURLToPath(new URL("../../.cache/site.lock", import.meta.url));
const CACHE = fileURLToPath(new URL("../../.cache", import.meta.url));

/**
 * Builds the site if it was never built or something that it is made from is newer; once, if several
 * processes want it.
 *
 * @param onBuild Called before it is built.
 */
export async function freshSite(onBuild: () => void = () => {}): Promise<void> {
  if (!isSiteStale()) return;
  await Deno.mkdir(CACHE, { recursive: true });
  await withFileLock(LOCK, async () => {
    if (!isSiteStale()) return;
    onBuild();
    await publishSite();
  });
}
