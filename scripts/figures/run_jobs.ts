import { schedule, Workers } from "../../shared/compute/mod.ts";
import type { Backend } from "../../shared/runtime/mod.ts";
import { figureKernel, type JobResult } from "./figure_kernel.ts";
import type { FigureJob } from "./job.ts";
import type { OpenNetworks } from "./open_networks.ts";

export interface JobOutcome {
  readonly job: FigureJob;
  /** Why there is no figure; undefined if there is. */
  readonly failure?: string;
  readonly seconds: number;
}

export interface RunJobsOptions {
  readonly workers: number;
  readonly backend: Backend;
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
  { workers, backend, signal, onOutcome }: RunJobsOptions,
): Promise<void> {
  await using pool = new Workers<OpenNetworks>({
    spawn: () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }),
    count: workers,
    source: backend,
    // A job is long: one that waits behind another should go to whoever is free first.
    depth: 1,
  });
  const lanes = pool.lanes({ kernel: figureKernel, shared: null });
  for await (
    const { item: job, result } of schedule<FigureJob, JobResult>(jobs, lanes, { batch: 1, signal })
  ) {
    if ("failure" in result) onOutcome({ job, seconds: 0, failure: result.failure });
    else onOutcome({ job, seconds: result.seconds });
  }
}
