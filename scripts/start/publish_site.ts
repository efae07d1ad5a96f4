import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { LIVE, liveSite } from "../../functions/site_files.ts";
import { runDeno } from "./run_deno.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const BUILD = ["run", "-A", "npm:astro", "build", "--root", "site"];

export interface PublishOptions {
  /** Folder of builds and of what says which of them is served. @default site/dist */
  readonly site?: string;
  /** Folder of figures. @default site/gallery and site/gallery-own */
  readonly gallery?: string;
  readonly signal?: AbortSignal;
  /** What the builder says, line by line. @default nowhere */
  readonly onLine?: (line: string) => void;
}

/**
 * Builds the site beside the one that is served, and swaps it in by renaming one small file: nobody
 * ever sees a part of it, and after a failure the old one is still there.
 *
 * @throws {Error} If the build fails, with the end of what it said; or the signal's reason.
 */
export async function publishSite(options: PublishOptions = {}): Promise<void> {
  const { site = join(ROOT, "site/dist"), gallery, signal, onLine } = options;
  const name = `build-${crypto.randomUUID()}`;
  const previous = basename(liveSite(site));
  try {
    await runDeno("Cannot build the site", BUILD, {
      env: {
        ASTRO_TELEMETRY_DISABLED: "1",
        SITE_OUT: join(site, name),
        ...gallery !== undefined && { GALLERY: gallery },
      },
      signal,
      onLine,
    });
    signal?.throwIfAborted();
    await Deno.writeTextFile(join(site, `.${name}`), name);
    await Deno.rename(join(site, `.${name}`), join(site, LIVE));
  } catch (error) {
    await Deno.remove(join(site, name), { recursive: true }).catch(() => {});
    throw error;
  }
  // Pages that are open still ask for parts of the build they came from.
  await removeOthers(site, [name, previous]).catch(() => {});
}

/** Removes other builds, finished or not, and nothing else. */
async function removeOthers(site: string, kept: readonly string[]): Promise<void> {
  for await (const { name } of Deno.readDir(site)) {
    if (!/^\.?build-/.test(name) || kept.includes(name)) continue;
    await Deno.remove(join(site, name), { recursive: true });
  }
}
