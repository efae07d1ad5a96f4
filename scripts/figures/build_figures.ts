import { table } from "../cli/table.ts";
import { DamagedFigureError } from "./damaged_figure_error.ts";
import { estimate } from "./estimate.ts";
import type { GalleryNetwork } from "./figure_set.ts";
import { FigureProgress } from "./figure_progress.ts";
import type { FigureJob } from "./job.ts";
import type { Backend } from "../../shared/runtime/mod.ts";
import { planFigures, type PlanOptions } from "./plan.ts";
import { addUnitFacts } from "./add_unit_facts.ts";
import { writeSummary } from "./write_summary.ts";
import { type JobOutcome, runJobs } from "./run_jobs.ts";
import { FigureStore } from "./store.ts";

export interface FigurePlan extends PlanOptions {
  readonly networks: readonly GalleryNetwork[];
}

export interface BuildOptions {
  readonly workers: number;
  /** Address of a Redis; the figures are made by whoever takes the jobs from there. */
  readonly queue?: string;
  /** @default "wasm" */
  readonly backend?: Backend;
  /** Which share of the figures that are missing is made: "2/8" is the second of eight. */
  readonly part?: string;
  readonly onlyPlan: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Makes the figures that are missing, and removes those that are no longer asked for. What is
 * finished stays, however this ends.
 *
 * @throws {Error} If some could not be made; why has been printed.
 */
export async function buildFigures(plan: FigurePlan, options: BuildOptions): Promise<void> {
  const { workers, backend = "wasm", queue, onlyPlan, signal } = options;
  const jobs = await planFigures(plan.networks, plan);
  const stores = [plan.folder, plan.ownFolder].map((folder) => new FigureStore(folder));
  const storeOf = (job: FigureJob) => stores.find(({ folder }) => folder === job.folder)!;
  if (!onlyPlan) { for (const store of stores) await store.sweep(); }
  const [done, absent] = await divide(jobs, storeOf);
  const missing = shareOf(absent, options.part);
  const stale = plan.sets || options.part ? [] : await staleIn(stores, jobs, plan);
  const { seconds, unknown } = await estimate(missing, done, storeOf);
  console.log(planTable(jobs, missing));
  console.log(
    `${missing.length} to make, ${done.length} there, ${stale.length} no longer asked for; ` +
      (missing.length === 0
        ? "nothing to wait for"
        : `about ${Math.ceil(seconds / workers / 60)} min on ${workers} workers` +
          (unknown > 0 ? `, and ${unknown} figures of unknown length` : "")),
  );
  if (onlyPlan) return;

  for (const network of plan.networks) {
    await writeSummary(folderOf(plan, network), network);
  }
  const progress = new FigureProgress(missing.length);
  let failures = 0;
  const onOutcome = (outcome: JobOutcome) => {
    progress.add(outcome);
    if (outcome.failure !== undefined) failures++;
  };
  if (queue === undefined) await runJobs(missing, { workers, backend, signal, onOutcome });
  else {
    const { queueJobs } = await import("./queue_jobs.ts");
    await queueJobs(missing, { url: queue, signal, onOutcome });
  }
  // What replaces them is there now; after a failure they are better than nothing.
  if (failures > 0) throw new Error(`Cannot make ${failures} figures: see above`);
  for (const { store, id } of stale) await store.remove(id);
  if (plan.sets || options.part) return;
  for (const network of plan.networks) {
    const store = stores.find(({ folder }) => folder === folderOf(plan, network))!;
    await addUnitFacts(store, network, jobs, backend);
  }
}

const folderOf = ({ folder, ownFolder }: PlanOptions, { isOwn }: GalleryNetwork) =>
  isOwn ? ownFolder : folder;

/** Every nth figure, so that each share has some of each kind. */
function shareOf(jobs: readonly FigureJob[], part: string = "1/1"): readonly FigureJob[] {
  const [own, parts] = part.split("/").map(Number);
  return jobs.filter((_, index) => index % parts === own - 1);
}

/** A figure counts as done if it is whole and has the images and arrays that are asked for now. */
async function divide(
  jobs: readonly FigureJob[],
  storeOf: (job: FigureJob) => FigureStore,
): Promise<[done: FigureJob[], missing: FigureJob[]]> {
  const done: FigureJob[] = [];
  const missing: FigureJob[] = [];
  for (const job of jobs) {
    const store = storeOf(job);
    const fault = await store.faultOf(job.id);
    if (fault !== undefined) console.error(`${fault}; the figure is made again`);
    const isWhole = store.has(job.id) && fault === undefined;
    const figure = isWhole ? await store.read(job.id) : undefined;
    const isDone = figure !== undefined &&
      job.arrays.every((name) => name in figure.arrays) &&
      (job.imageNames ?? []).every((name) => name in figure.images) &&
      (job.figureNames ?? ["figure"]).every((name) => name in figure.figures) &&
      (job.thumbnail === undefined || "thumbnail" in figure.images);
    (isDone ? done : missing).push(job);
  }
  return [done, missing];
}

function planTable(jobs: readonly FigureJob[], missing: readonly FigureJob[]): string {
  const kindOf = ({ set, recipe }: FigureJob) => `${recipe.model.id}\t${set}`;
  const count = (list: readonly FigureJob[], kind: string) =>
    String(list.filter((job) => kindOf(job) === kind).length);
  const kinds = [...new Set(jobs.map(kindOf))];
  return table([
    ["network", "figures", "all", "to make"],
    ...kinds.map((kind) => [...kind.split("\t"), count(jobs, kind), count(missing, kind)]),
  ]);
}

/**
 * Figures of the planned networks that the plan does not have, and such of which only a damaged JSON
 * is left; own ones only if they are planned.
 */
async function staleIn(
  stores: readonly FigureStore[],
  jobs: readonly FigureJob[],
  { networks, images, folder }: FigurePlan,
): Promise<{ store: FigureStore; id: string }[]> {
  const wanted = new Set(jobs.map(({ id }) => id));
  const models = new Set(networks.map(({ id }) => id));
  const own = new Set(networks.filter(({ isOwn }) => isOwn).map(({ id }) => id));
  const stale: { store: FigureStore; id: string }[] = [];
  for (const store of stores) {
    const planned = store.folder === folder || images !== undefined ? models : own;
    for (const id of await store.list()) {
      if (wanted.has(id)) continue;
      if (await isOf(planned, id, store, images !== undefined)) stale.push({ store, id });
    }
  }
  return stale;
}

/** Without images, figures of images are not planned, and stay. */
async function isOf(
  models: ReadonlySet<string>,
  id: string,
  store: FigureStore,
  hasImages: boolean,
): Promise<boolean> {
  try {
    const { model, inputs: { image, corpus } } = (await store.read(id)).recipe;
    const showsImages = [image, corpus].some((input) => /^images(\/|$)/.test(input?.name ?? ""));
    return models.has(model.id) && (hasImages || !showsImages);
  } catch (error) {
    if (!(error instanceof DamagedFigureError)) throw error;
    console.error(`${error.message}; it is removed`);
    return true;
  }
}
