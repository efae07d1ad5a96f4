import type { FigureJob } from "./job.ts";
import type { WorkerReply } from "./worker.ts";

export interface JobOutcome {
  readonly job: FigureJob;
  /** Why there is no figure; undefined if there is. */
  readonly failure?: string;
  readonly seconds: number;
}

export interface RunJobsOptions {
  readonly workers: number;
  readonly signal?: AbortSignal;
  readonly onOutcome: (outcome: JobOutcome) => void;
}

/**
 * Makes figures on several workers of this process, each taking the next job when it has time. A
 * job that fails does not stop the others.
 *
 * @throws The signal's reason; what was finished is there.
 */
export async function runJobs(
  jobs: readonly FigureJob[],
  { workers, signal, onOutcome }: RunJobsOptions,
): Promise<void> {
  const waiting = jobs.values();
  const pool = Array.from(
    { length: Math.min(workers, jobs.length) },
    () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }),
  );
  const stop = Promise.withResolvers<never>();
  stop.promise.catch(() => {});
  const onAbort = () => stop.reject(signal?.reason);
  signal?.addEventListener("abort", onAbort);
  try {
    signal?.throwIfAborted();
    await Promise.all(pool.map(async (worker) => {
      for (const job of waiting) {
        const reply = await Promise.race([ask(worker, job), stop.promise]);
        if (reply.kind === "done") onOutcome({ job, seconds: reply.seconds });
        else onOutcome({ job, seconds: 0, failure: reply.reason });
      }
    }));
  } finally {
    signal?.removeEventListener("abort", onAbort);
    for (const worker of pool) worker.terminate();
  }
}

function ask(worker: Worker, job: FigureJob): Promise<WorkerReply> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<WorkerReply>) => resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(`Cannot make figures: a worker failed: ${event.message}`));
    };
    worker.postMessage(job);
  });
}
