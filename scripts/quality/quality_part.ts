import type { KeptResults } from "./kept_results.ts";
import type { Network } from "../../shared/network/network.ts";
import { fileURLToPath } from "node:url";
import type { GalleryFigure } from "../../shared/gallery/gallery_figure.ts";
import { FigureStore } from "../figures/store.ts";

/** What is measured in one go, for a table of its own. */
export interface QualityPart {
  readonly name: string;
  /** One sentence for a person. */
  readonly summary: string;
  /** Scenes, unless another number is asked for. */
  readonly scenes: number;
  /**
   * @param count Scenes to measure on.
   * @param kept What was measured before, for parts that take long.
   */
  run(
    network: Network,
    count: number,
    signal: AbortSignal,
    kept?: KeptResults,
  ): Promise<readonly QualityRow[]>;
}

/** A row of the table; all rows of a part have the same columns. */
export type QualityRow = Readonly<Record<string, string | number>>;

const GALLERY = fileURLToPath(new URL("../../site/gallery", import.meta.url));

/** The figures of a set in the gallery that ships. */
export async function galleryFigures(set: string): Promise<GalleryFigure[]> {
  const store = new FigureStore(GALLERY);
  const figures: GalleryFigure[] = [];
  for (const id of await store.list()) figures.push(await store.read(id));
  return figures.filter((figure) => figure.set === set);
}
