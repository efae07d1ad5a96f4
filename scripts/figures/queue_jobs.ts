import { setTimeout as sleep } from "node:timers/promises";
import { connect, NAME, openEvents, openQueue } from "./figure_queue.ts";
import type { FigureJob } from "./job.ts";
import type { JobOutcome } from "./run_jobs.ts";

/** Milliseconds between two looks whether the queue is still the one that has the jobs. */
const LOOK_EVERY = 2000;

/** Seconds that the mark on the queue outlives a process that was killed. */
const MARK_SECONDS = 3600;

export interface QueueJobsOptions {
  /** Of the Redis or Valkey. */
  readonly url: string;
  readonly signal?: AbortSignal;
  readonly onOutcome: (outcome: JobOutcome) => void;
}

/**
 * Puts jobs on a queue, and waits until workers have done all of them. They write to the folders that
 * the jobs name, which they have to share. A job that is there already is not put there twice. A queue
 * that comes back empty, as a Redis without persistence does, gets again what is not done.
 *
 * @throws The signal's reason; jobs that nobody has begun are then taken back.
 */
export async function queueJobs(
  jobs: readonly FigureJob[],
  { url, signal, onOutcome }: QueueJobsOptions,
): Promise<void> {
  if (jobs.length === 0) return;
  const connections = [connect(url), connect(url)];
  const queue = openQueue(connections[0]);
  const events = openEvents(connections[1]);
  // The connections say it, once.
  queue.on("error", () => {});
  events.on("error", () => {});
  const waiting = new Map(jobs.map((job) => [job.id, job]));
  const all = Promise.withResolvers<void>();
  const over = new AbortController();
  const mark = `${NAME}:mark:${crypto.randomUUID()}`;
  const settle = (id: string, outcome: Omit<JobOutcome, "job">) => {
    const job = waiting.get(id);
    if (!job) return;
    waiting.delete(id);
    onOutcome({ job, ...outcome });
    if (waiting.size === 0) all.resolve();
  };
  const onAbort = () => all.reject(signal?.reason);
  try {
    await events.waitUntilReady();
    events.on("completed", ({ jobId, returnvalue }) => {
      const { seconds } = returnvalue as unknown as { seconds: number };
      settle(jobId, { seconds });
    });
    events.on("failed", ({ jobId, failedReason }) => {
      settle(jobId, { seconds: 0, failure: failedReason });
    });
    signal?.throwIfAborted();
    signal?.addEventListener("abort", onAbort);
    const [redis] = connections;
    const add = async () => {
      await queue.addBulk([...waiting.values()].map((job) => ({
        name: job.recipe.method,
        data: job,
        opts: { jobId: job.id },
      })));
      await redis.set(mark, "", "EX", MARK_SECONDS);
    };
    const watch = async () => {
      while (!over.signal.aborted) {
        await sleep(LOOK_EVERY, undefined, { signal: over.signal }).catch(() => {});
        if (over.signal.aborted || await redis.expire(mark, MARK_SECONDS) === 1) continue;
        if (waiting.size === 0) continue;
        console.error(`The queue has lost its jobs; ${waiting.size} are put there again`);
        await add();
      }
    };
    await add();
    watch().catch(all.reject);
    await all.promise;
    await redis.del(mark);
  } finally {
    over.abort();
    signal?.removeEventListener("abort", onAbort);
    for (const id of waiting.keys()) await queue.remove(id).catch(() => {});
    await events.close();
    await queue.close();
    for (const connection of connections) connection.disconnect();
  }
}
