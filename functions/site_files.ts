import { join } from "node:path";
import type { Context, MiddlewareHandler } from "hono";
import { serveStatic } from "hono/serve-static";

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

/** Files that carry a hash of what they are made from in their name: assets, and images of figures. */
const HASHED = /^\/_astro\/|^\/gallery\/[0-9a-f]{20}\.[\w.-]*webp$/;

/**
 * Serves the files of the built site.
 *
 * @param root The site's folder.
 */
export function siteFiles(root: string): MiddlewareHandler {
  return serveStatic({
    root,
    join: (root, ...path) => join(liveSite(root), ...path),
    isDir: async (path) => (await Deno.stat(path).catch(() => undefined))?.isDirectory,
    getContent: open,
    precompressed: true,
    onFound(_path, c) {
      const isHashed = HASHED.test(c.req.path);
      c.header("Cache-Control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
}

/** The site's page for what is not there, or a line that says how to build the site. */
export async function notFoundPage(c: Context, root: string): Promise<Response> {
  const page = await open(join(liveSite(root), "404.html"));
  return page
    ? c.body(page, 404, { "Content-Type": "text/html; charset=utf-8" })
    : c.text("The site is not built; `deno task start` builds it\n", 404);
}

async function open(path: string): Promise<ReadableStream<Uint8Array<ArrayBuffer>> | null> {
  try {
    return (await Deno.open(path)).readable;
  } catch (error) {
    if (isNowhere(error)) return null;
    throw error;
  }
}

/** Whether a path leads to nothing: no such file, a file where a folder should be, or no path. */
function isNowhere(error: unknown): boolean {
  if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
    return true;
  }
  // Deno has no class of its own for a name that is too long, and none for one that has a NUL.
  return error instanceof TypeError ||
    error instanceof Error && "code" in error && error.code === "ENAMETOOLONG";
}
