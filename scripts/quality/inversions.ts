import { galleryFigures, type QualityPart, type QualityRow } from "./quality_part.ts";
import { meanOf } from "./bootstrap.ts";

/** What the measures of an inversion say of a layer. */
interface LayerMeasures {
  readonly layer: string;
  readonly relativeErrors: readonly number[];
  readonly normalizedErrors?: readonly number[];
  readonly ranks?: readonly number[];
  readonly startDistance: number | null;
}

/** How well layers were inverted in the gallery. */
export const inversions: QualityPart = {
  name: "inversions",
  summary: "Inversions of the gallery by layer: error as in Mahendran and Vedaldi's Table 3, the " +
    "share of results with the original among the 5 nearest codes, and how far results of " +
    "different starts lie apart.",
  scenes: 1,
  async run() {
    const layers = (await galleryFigures("inversion")).flatMap(({ recipe, measures }) =>
      (measures.layers as unknown as readonly LayerMeasures[]).map((layer) => ({
        ...layer,
        name: `${recipe.model.id}, ${layer.layer}`,
      }))
    );
    return [...Map.groupBy(layers, ({ name }) => name)].map(([name, all]): QualityRow => {
      const errors = all.flatMap(({ normalizedErrors, relativeErrors }) =>
        normalizedErrors ?? relativeErrors
      );
      const ranks = all.flatMap(({ ranks = [] }) => ranks);
      return {
        "network, layer": name,
        "images": all.length,
        "error": `${(100 * meanOf(errors)).toFixed(1)} %`,
        "among 5": ranks.length === 0
          ? "-"
          : `${(100 * meanOf(ranks.map((rank) => Number(rank <= 5)))).toFixed(0)} %`,
        "distance of restarts": meanOf(all.map(({ startDistance }) => startDistance ?? 0)).toFixed(
          3,
        ),
      };
    });
  },
};
