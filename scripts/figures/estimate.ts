import type { FigureJob } from "./job.ts";
import type { FigureStore } from "./store.ts";

/**
 * Seconds that the jobs will take on one core, by the figures of the same set and network that are
 * there already.
 *
 * @returns The estimate, and the jobs that nothing is known of.
 */
export async function estimate(
  jobs: readonly FigureJob[],
  done: readonly FigureJob[],
  storeOf: (job: FigureJob) => FigureStore,
): Promise<{ seconds: number; unknown: number }> {
  const known = new Map<string, number[]>();
  for (const job of done) {
    const { timings } = await storeOf(job).read(job.id);
    const seconds = known.get(kindOf(job)) ?? [];
    known.set(kindOf(job), [...seconds, timings.seconds]);
  }
  const means = jobs.map((job) => {
    const seconds = known.get(kindOf(job));
    return seconds && seconds.reduce((sum, value) => sum + value, 0) / seconds.length;
  });
  return {
    seconds: means.reduce((sum: number, value) => sum + (value ?? 0), 0),
    unknown: means.filter((value) => value === undefined).length,
  };
}

const kindOf = ({ set, recipe }: FigureJob) => `${recipe.model.id}/${set}`;
