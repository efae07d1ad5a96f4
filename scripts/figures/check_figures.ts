import { planFigures } from "./plan.ts";
import type { FigurePlan } from "./build_figures.ts";
import { checkAgain, checkFiles } from "./check.ts";
import type { FigureJob } from "./job.ts";
import { OpenNetworks } from "./open_networks.ts";
import { FigureStore } from "./store.ts";

/**
 * `deno task figures --check`: whether all files are what their recipes made, and a random sample
 * comes out the same again. What a GPU made is not made again: its last bits are its own.
 *
 * @param sample How many are made again.
 * @throws {Error} If something is wrong; what has been printed.
 */
export async function checkFigures(plan: FigurePlan, sample: number): Promise<void> {
  const jobs = await planFigures(plan.networks, plan);
  const faults: string[] = [];
  const damaged = new Set<string>();
  let files = 0;
  for (const folder of [plan.folder, plan.ownFolder]) {
    const store = new FigureStore(folder);
    for (const id of await store.list()) {
      const own = await checkFiles(id, store);
      if (own.length > 0) damaged.add(id);
      faults.push(...own);
      files++;
    }
  }
  const there = jobs.filter((job) => new FigureStore(job.folder).has(job.id));
  const shuffled = there
    .filter(({ id }) => !damaged.has(id))
    .map((job) => ({ job, key: Math.random() }))
    .sort((a, b) => a.key - b.key);
  const chosen: FigureJob[] = [];
  for (const { job } of shuffled) {
    if (chosen.length === sample) break;
    const { backend } = await new FigureStore(job.folder).read(job.id);
    if (backend === "wasm") chosen.push(job);
  }
  await using networks = new OpenNetworks();
  for (const job of chosen) {
    console.log(`again: ${job.set} of ${job.recipe.model.id}, ${job.id}`);
    faults.push(...await checkAgain(job, new FigureStore(job.folder), networks));
  }
  for (const fault of faults) console.error(fault);
  console.log(
    `${files} figures, ${jobs.length - there.length} of the plan missing, ${chosen.length} made ` +
      `again, ${faults.length} faults`,
  );
  if (faults.length > 0) throw new Error(`Cannot verify the figures: ${faults.length} faults`);
}
