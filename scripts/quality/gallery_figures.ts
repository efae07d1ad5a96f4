import { fileURLToPath } from "node:url";
import type { GalleryFigure } from "../../shared/gallery/gallery_figure.ts";
import { FigureStore } from "../figures/store.ts";

const GALLERY = fileURLToPath(new URL("../../site/gallery", import.meta.url));

/** The figures of a set in the gallery that ships. */
export async function galleryFigures(set: string): Promise<GalleryFigure[]> {
  const store = new FigureStore(GALLERY);
  const figures: GalleryFigure[] = [];
  for (const id of await store.list()) figures.push(await store.read(id));
  return figures.filter((figure) => figure.set === set);
}
