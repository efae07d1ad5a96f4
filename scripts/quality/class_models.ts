import type { GalleryFigure } from "../../shared/gallery/gallery_figure.ts";
import { galleryFigures, type QualityPart, type QualityRow } from "./quality_part.ts";

/** A class model counts as sure above this, and as kept after a change above that. */
const SURE = 0.99;
const KEPT = 0.5;

/** Its least probability when it is moved by 4 pixels, turned by 5 degrees, kept as JPEG 75. */
const CHANGES = ["shiftedProbability", "turnedProbability", "jpegProbability"];

/** What networks make of the class models in the gallery: their own, and the judge that had no part. */
export const classModels: QualityPart = {
  name: "class-models",
  summary: "Class models of the gallery: the share that the network is sure of (p > 0.99), still " +
    "after it is moved, turned or kept as JPEG (p > 0.5), and that another network ranks first, or among its first five.",
  scenes: 1,
  async run() {
    const models = await galleryFigures("class-models");
    const groups = Map.groupBy(
      models,
      ({ recipe }) => `${recipe.model.id}, ${recipe.options.recipe}`,
    );
    const sorted = [...groups].sort(([a], [b]) => a.localeCompare(b));
    return sorted.map(([name, group]) => rowOf(name, group));
  },
};

function rowOf(name: string, figures: readonly GalleryFigure[]): QualityRow {
  const share = (isOne: (figure: GalleryFigure) => boolean) =>
    figures.filter(isOne).length / figures.length;
  const rankOf = ({ measures }: GalleryFigure) =>
    Number((measures.transfer as { readonly rank?: number } | undefined)?.rank ?? Infinity);
  const mean = figures.reduce((sum, { timings }) => sum + timings.seconds, 0) / figures.length;
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
  return {
    "network, recipe": name,
    "classes": figures.length,
    "p > 0.99": percent(share(({ measures }) => Number(measures.probability) > SURE)),
    "p > 0.5 changed": percent(
      share(({ measures }) => CHANGES.every((name) => Number(measures[name]) > KEPT)),
    ),
    "judge's first": percent(share((figure) => rankOf(figure) === 1)),
    "judge's first five": percent(share((figure) => rankOf(figure) <= 5)),
    "seconds": mean.toFixed(1),
  };
}
