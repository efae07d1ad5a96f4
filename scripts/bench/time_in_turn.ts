import { median } from "../../shared/tensor/stats.ts";

/** Median milliseconds of jobs, in turn, so that all see the same noise of the machine. */
export async function timeInTurn<const Jobs extends readonly (() => Promise<unknown>)[]>(
  runs: number,
  jobs: Jobs,
): Promise<{ -readonly [K in keyof Jobs]: number }> {
  const times: number[][] = jobs.map(() => []);
  // The first runs compile.
  for (let i = 0; i <= runs; i++) {
    for (const [k, job] of jobs.entries()) {
      const start = performance.now();
      await job();
      if (i > 0) times[k].push(performance.now() - start);
    }
  }
  return times.map(median) as { -readonly [K in keyof Jobs]: number };
}
