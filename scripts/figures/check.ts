import { canonicalJson, figureId } from "../../shared/gallery/recipe.ts";
import { filesOf, type GalleryFigure } from "../../shared/gallery/gallery_figure.ts";
import { sha256 } from "../../shared/models/sha256.ts";
import type { Json } from "../../shared/contract/method.ts";
import { DamagedFigureError } from "./damaged_figure_error.ts";
import type { FigureJob } from "./job.ts";
import { makeFigure } from "./make_figure.ts";
import type { OpenNetworks } from "./open_networks.ts";
import type { FigureStore } from "./store.ts";

/** What is wrong with a figure's files; empty if nothing. */
export async function checkFiles(id: string, store: FigureStore): Promise<string[]> {
  let figure: GalleryFigure;
  try {
    figure = await store.read(id);
  } catch (error) {
    if (!(error instanceof DamagedFigureError)) throw error;
    return [error.message];
  }
  const faults: string[] = [];
  const expected = await figureId(figure.recipe);
  if (expected !== id) faults.push(`${id}.json: its recipe has the id ${expected}`);
  for (const entry of filesOf(figure)) {
    const bytes = await store.readFile(entry.file).catch(() => undefined);
    if (bytes === undefined) faults.push(`${entry.file}: it is missing`);
    else if (await sha256(bytes) !== entry.sha256) faults.push(`${entry.file}: it was changed`);
  }
  return faults;
}

/** Makes a figure again; says what is not the same to the bit. */
export async function checkAgain(
  job: FigureJob,
  store: FigureStore,
  networks: OpenNetworks,
): Promise<string[]> {
  const before = await store.read(job.id);
  const { figure } = await makeFigure(job, networks);
  const parts = ["measures", "figures", "layers", "images", "files", "arrays"] as const;
  const text = (value: unknown) => canonicalJson(value as Json);
  return parts
    .filter((part) => text(before[part]) !== text(figure[part]))
    .map((part) => `${job.id} (${job.set} of ${job.recipe.model.id}): its ${part} differ`);
}
