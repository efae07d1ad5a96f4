import { join } from "node:path";

/** The file in the site's folder that names the build that is served. */
export const LIVE = ".live-build";

/**
 * The folder to serve: the build that this file names, or the site's folder itself where there is no
 * such file. It is read each time, so that another build is served from one request to the next.
 */
export function liveSite(site: string): string {
  try {
    return join(site, Deno.readTextFileSync(join(site, LIVE)).trim());
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return site;
    }
    throw error;
  }
}
