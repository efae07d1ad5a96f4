import { fileURLToPath } from "node:url";
import type { RebuildQueue } from "../../functions/rebuild/rebuild_queue.ts";
import { FINAL_STATES, type RebuildJob } from "../../shared/api/mod.ts";
import { publishSite } from "./publish_site.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Milliseconds between two looks for work, or for a wish to cancel. */
const LOOK_EVERY = 500;

/** Lines that a rebuild's status keeps. */
const KEPT_LINES = 20;

/** A rebuild was cancelled. */
class Cancelled extends Error {}

export interface RebuildOptions {
  readonly signal: AbortSignal;
  /** Folder of the figures. @default site/gallery */
  readonly gallery?: string;
  /** Folder of the site's builds. @default site/dist */
  readonly site?: string;
}

/**
 * Takes rebuilds from the queue, one at a time, until the signal. One that was under way when its
 * process ended is begun again: figures that are finished stay.
 */
export async function runRebuilds(queue: RebuildQueue, options: RebuildOptions): Promise<void> {
  const { signal } = options;
  while (!signal.aborted) {
    try {
      const job = (await queue.list()).find(({ state }) => !FINAL_STATES.includes(state));
      if (job) await rebuild(queue, job, options);
      else await pause(signal);
    } catch (error) {
      // The server goes on without rebuilds rather than not at all.
      console.error(`Cannot rebuild: ${(error as Error).message}`);
      await pause(signal);
    }
  }
}

async function rebuild(
  queue: RebuildQueue,
  wish: RebuildJob,
  { signal: stop, gallery, site }: RebuildOptions,
): Promise<void> {
  const cancel = new AbortController();
  const signal = AbortSignal.any([stop, cancel.signal]);
  let job: RebuildJob = { ...wish, state: "building", started: new Date().toISOString() };
  let written = Promise.resolve();
  const update = (change: Partial<RebuildJob>) => {
    job = { ...job, ...change };
    const state = job;
    return written = written.catch(() => {}).then(() => queue.write(state));
  };
  const onLine = (line: string) => {
    if (line.trim() === "") return;
    update({ lines: [...job.lines, line.trimEnd()].slice(-KEPT_LINES) }).catch(() => {});
  };
  const watch = setInterval(async () => {
    if (await queue.isCancelled(job)) cancel.abort(new Cancelled());
  }, LOOK_EVERY);
  try {
    if (await queue.isCancelled(job)) throw new Cancelled();
    await update({});
    await makeFigures(job, { gallery, signal, onLine });
    await publishSite({ site, gallery, signal, onLine });
    await update({ state: "done", ended: new Date().toISOString() });
  } catch (error) {
    // A server that stops leaves the rebuild as it is, for its next start.
    if (stop.aborted) return;
    const ended = new Date().toISOString();
    if (cancel.signal.aborted || error instanceof Cancelled) {
      await update({ state: "cancelled", ended });
    } else await update({ state: "failed", ended, reason: (error as Error).message });
  } finally {
    clearInterval(watch);
  }
}

/** Runs `deno task figures` in a process of its own, with its own permissions. */
async function makeFigures(
  { models, sets }: RebuildJob,
  { gallery, signal, onLine }: {
    gallery?: string;
    signal: AbortSignal;
    onLine: (line: string) => void;
  },
): Promise<void> {
  const wishes = { models: models?.join(), sets: sets?.join(), gallery };
  const options = Object.entries(wishes)
    .flatMap(([name, value]) => value ? [`--${name}`, value] : []);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "figures", ...options],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
    signal,
  }).spawn();
  let last = "";
  const read = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      for (const line of text.split("\n").filter((line) => line.trim() !== "")) {
        last = line;
        onLine(line);
      }
    }
  };
  const [{ success }] = await Promise.all([child.status, read(child.stdout), read(child.stderr)]);
  signal.throwIfAborted();
  if (!success) throw new Error(`Cannot make the figures: ${last}`);
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LOOK_EVERY);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    }, { once: true });
  });
}
