import { fileURLToPath } from "node:url";
import type { Figure } from "../../shared/figures/figure.ts";
import { FigureStore } from "../figures/store.ts";

const GALLERY = fileURLToPath(new URL("../../site/gallery", import.meta.url));

/** The figures of a set in the gallery that ships. */
export async function galleryFigures(set: string): Promise<Figure[]> {
  const store = new FigureStore(GALLERY);
  const figures: Figure[] = [];
  for (const id of await store.list()) figures.push(await store.read(id));
  return figures.filter((figure) => figure.set === set);
}
