import { fileURLToPath } from "node:url";
import { sha256 } from "../../shared/models/sha256.ts";
import { hold } from "./scenario.ts";

const FIGURES = fileURLToPath(new URL("../figures/main.ts", import.meta.url));
const WORKER = fileURLToPath(new URL("../figures/queue_worker.ts", import.meta.url));

/** A few figures of the network that ships. */
const SET = ["--models", "glyphnet", "--sets", "weights,cam"];

function start(args: readonly string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", ...args],
    stdout: "null",
    stderr: "piped",
  }).spawn();
}

/** `deno task figures` into a folder. */
export const startBuild = (gallery: string, ...args: string[]) =>
  start([FIGURES, ...SET, "--gallery", gallery, ...args]);

/** `deno task worker`. */
export const startWorker = (gallery: string, queue: string) =>
  start([WORKER, "--queue", queue, "--lock", "6", "--gallery", gallery]);

/** How a build ended. */
export interface BuildEnd {
  readonly code: number;
  readonly said: string;
}

export async function endOf(child: Deno.ChildProcess): Promise<BuildEnd> {
  const { code, stderr } = await child.output();
  return { code, said: new TextDecoder().decode(stderr).trim() };
}

/** Builds to the end. */
export const build = (gallery: string) => endOf(startBuild(gallery, "--workers", "1"));

/** Times, which differ. */
const PASSING = /seconds$|^(?:created|made)$/i;

/** Digests of all files that are finished, by name; of JSON without times. */
export async function galleryDigests(folder: string): Promise<ReadonlyMap<string, string>> {
  const digests = new Map<string, string>();
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (!isFile || name.endsWith(".part")) continue;
    const bytes = await Deno.readFile(`${folder}/${name}`);
    const kept = name.endsWith(".json") ? withoutTimes(bytes) : bytes;
    digests.set(name, await sha256(kept));
  }
  return digests;
}

function withoutTimes(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes));
    const text = JSON.stringify(value, (key, item) => PASSING.test(key) ? undefined : item);
    return new TextEncoder().encode(text);
  } catch {
    return bytes;
  }
}

/** @throws {Error} If a finished figure is another than it has to be, or, at the end, missing. */
export async function holdGallery(
  folder: string,
  right: ReadonlyMap<string, string>,
  isEnd: boolean,
): Promise<void> {
  const found = await galleryDigests(folder);
  // A figure is there as soon as its JSON is.
  const shown = [...found.keys()].filter((name) => name.endsWith(".json"));
  for (const name of shown) {
    const id = name.slice(0, name.indexOf("."));
    for (const [file, digest] of right) {
      if (!file.startsWith(id)) continue;
      hold(found.get(file) === digest, `${file} is not what it is when it is made alone`);
    }
  }
  if (!isEnd) return;
  const missing = [...right.keys()].filter((name) => !found.has(name));
  hold(missing.length === 0, `these are lost: ${missing.join(", ")}`);
  const strange = [...found.keys()].filter((name) => !right.has(name));
  hold(strange.length === 0, `these are left over: ${strange.join(", ")}`);
}

/** Makes what a killed process left seem old, so that the next start may take it away. */
export async function age(folder: string): Promise<void> {
  const before = new Date(Date.now() - 3_600_000);
  for await (const { name } of Deno.readDir(folder)) {
    await Deno.utime(`${folder}/${name}`, before, before);
  }
}

/** The next build has to end well and leave all as it has to be, without parts. */
export async function holdNextBuild(
  folder: string,
  right: ReadonlyMap<string, string>,
): Promise<void> {
  await age(folder);
  const { code, said } = await build(folder);
  hold(code === 0, `the next build fails: ${said}`);
  await holdGallery(folder, right, true);
  for await (const { name } of Deno.readDir(folder)) {
    hold(!name.endsWith(".part"), `${name} is left behind`);
  }
}
