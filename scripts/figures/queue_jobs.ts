import { connect, openEvents, openQueue } from "./figure_queue.ts";
import type { FigureJob } from "./job.ts";
import type { JobOutcome } from "./run_jobs.ts";

export interface QueueJobsOptions {
  /** Of the Redis or Valkey. */
  readonly url: string;
  readonly signal?: AbortSignal;
  readonly onOutcome: (outcome: JobOutcome) => void;
}

/**
 * Puts jobs on a queue, and waits until workers have done all of them. They write to the folders that
 * the jobs name, which they have to share. A job that is there already is not put there twice.
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
  const waiting = new Map(jobs.map((job) => [job.id, job]));
  const all = Promise.withResolvers<void>();
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
    await queue.addBulk(jobs.map((job) => ({
      name: job.recipe.technique,
      data: job,
      opts: { jobId: job.id },
    })));
    await all.promise;
  } finally {
    signal?.removeEventListener("abort", onAbort);
    for (const id of waiting.keys()) await queue.remove(id).catch(() => {});
    await events.close();
    await queue.close();
    for (const connection of connections) connection.disconnect();
  }
}
