import type { RebuildQueue } from "../../functions/rebuild_queue.ts";
import { FINAL_STATES, type RebuildJob } from "../../shared/api/mod.ts";
import { publishSite } from "./publish_site.ts";
import { runDeno } from "./run_deno.ts";

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
  requested: RebuildJob,
  { signal: stop, gallery, site }: RebuildOptions,
): Promise<void> {
  const cancel = new AbortController();
  const signal = AbortSignal.any([stop, cancel.signal]);
  let job: RebuildJob = { ...requested, state: "building", started: new Date().toISOString() };
  let written = Promise.resolve();
  const update = (change: Partial<RebuildJob>) => {
    job = { ...job, ...change };
    const state = job;
    return written = written.catch(() => {}).then(() => queue.write(state));
  };
  const onLine = (line: string) => {
    update({ lines: [...job.lines, line].slice(-KEPT_LINES) }).catch(() => {});
  };
  const watch = setInterval(async () => {
    if (await queue.isCancelled(job)) cancel.abort(new Cancelled());
  }, LOOK_EVERY);
  try {
    if (await queue.isCancelled(job)) throw new Cancelled();
    await update({});
    const making = figuresArguments(job, gallery);
    await runDeno("Cannot make the figures", making, { signal, onLine });
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

/** The arguments of `deno` that make what a rebuild requested for. */
function figuresArguments({ models, sets }: RebuildJob, gallery?: string): string[] {
  const requested = { models: models?.join(), sets: sets?.join(), gallery };
  const options = Object.entries(requested)
    .flatMap(([name, value]) => value ? [`--${name}`, value] : []);
  return ["task", "--quiet", "figures", ...options];
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
