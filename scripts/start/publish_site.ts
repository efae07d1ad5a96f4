import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { LIVE, liveSite } from "../../functions/live_site.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

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
    const env = { SITE_OUT: join(site, name), ...gallery !== undefined && { GALLERY: gallery } };
    await buildInto(env, signal, onLine);
    signal?.throwIfAborted();
    await Deno.writeTextFile(join(site, `.${name}`), name);
    await Deno.rename(join(site, `.${name}`), join(site, LIVE));
  } catch (error) {
    await Deno.remove(join(site, name), { recursive: true }).catch(() => {});
    throw error;
  }
  // Pages that are open still ask for parts of the build they came from.
  await removeOthers(site, [name, previous, LIVE]).catch(() => {});
}

async function buildInto(
  settings: Readonly<Record<string, string>>,
  signal?: AbortSignal,
  onLine: (line: string) => void = () => {},
): Promise<void> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "npm:astro", "build", "--root", "site"],
    cwd: ROOT,
    env: { ASTRO_TELEMETRY_DISABLED: "1", NO_COLOR: "1", ...settings },
    stdout: "piped",
    stderr: "piped",
    signal,
  }).spawn();
  const said: string[] = [];
  const read = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    let rest = "";
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      said.push(...lines);
      lines.forEach(onLine);
    }
    if (rest !== "") said.push(rest);
  };
  const [{ success }] = await Promise.all([child.status, read(child.stdout), read(child.stderr)]);
  signal?.throwIfAborted();
  if (success) return;
  throw new Error(`Cannot build the site: ${said.slice(-8).join("; ")}`);
}

/** Removes builds, and what `deno task build` left where builds are; nothing else lies there. */
async function removeOthers(site: string, kept: readonly string[]): Promise<void> {
  for await (const { name } of Deno.readDir(site)) {
    if (!kept.includes(name)) await Deno.remove(join(site, name), { recursive: true });
  }
}
