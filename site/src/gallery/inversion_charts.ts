import type { GalleryFigure } from "../../../shared/gallery/gallery_figure.ts";
import type { NetworkSummary } from "../../../shared/gallery/network_summary.ts";
import { figuresOf } from "./figures.ts";
import type { ChartPoint, LineChart } from "./line_chart.ts";
import { sampleOf } from "./subject.ts";

/** What an inversion measures of a layer. */
interface LayerMeasures {
  readonly layer: string;
  readonly relativeErrors: readonly number[];
  readonly normalizedErrors?: readonly number[];
  readonly relativeStartDistance: number;
}

/** Root mean square distance of images that share nothing, over their own: the root of 2. */
const UNRELATED = 100 * Math.SQRT2;

const layersOf = ({ measures }: GalleryFigure) =>
  measures.layers as unknown as readonly LayerMeasures[];

/** How the error and the distance of the restarts change with depth; none without figures. */
export function inversionCharts({ id, layers }: NetworkSummary): readonly LineChart[] {
  const figures = figuresOf(id, "inversion").filter((figure) => layersOf(figure).length > 1);
  if (figures.length === 0) return [];
  const seen = new Set(figures.flatMap((figure) => layersOf(figure).map(({ layer }) => layer)));
  const categories = layers.map(({ alias }) => alias).filter((alias) => seen.has(alias));
  const isNormalized = figures.every((figure) =>
    layersOf(figure).every(({ normalizedErrors }) => normalizedErrors)
  );
  const common = { categories, categoryAxis: "Layer, from the image to the scores" };
  const seriesOf = (values: (layer: LayerMeasures) => readonly number[]) =>
    figures.map((figure) => ({
      name: sampleOf(figure) ?? id,
      points: categories.map((alias) => {
        const found = layersOf(figure).find(({ layer }) => layer === alias);
        return found && pointOf(values(found));
      }),
    }));
  const restarts = Math.max(...figures.map(({ measures }) => Number(measures.restarts)));
  const error: LineChart = {
    id: "error-curve",
    title: "How near the features come",
    description:
      (restarts > 1
        ? `A line for each image: the mean over its ${restarts} restarts, and a bar from the ` +
          "least to the largest of them. "
        : "A line for each image. ") +
      (isNormalized
        ? "At 100 % the features of the result are as far from the original's as two images' are " +
          "from each other on average."
        : "At 100 % the result is as far from the original's features as these are long."),
    axis: isNormalized ? "Normalised error in %" : "Relative error in %",
    ...common,
    series: seriesOf(({ normalizedErrors, relativeErrors }) =>
      isNormalized ? normalizedErrors! : relativeErrors
    ),
  };
  const apart: LineChart = {
    id: "start-distance",
    title: "How far the restarts are apart",
    description: "The mean distance between the results of two restarts, in per cent of their " +
      "contrast. The more a layer leaves open, the less its results share.",
    axis: "Distance of the restarts in %",
    ...common,
    series: seriesOf(({ relativeStartDistance }) => [relativeStartDistance]),
    reference: { value: UNRELATED, name: "nothing in common" },
  };
  return restarts > 1 ? [error, apart] : [error];
}

/** In per cent. */
function pointOf(values: readonly number[]): ChartPoint {
  const percent = values.map((value) => 100 * value);
  const mean = percent.reduce((sum, value) => sum + value, 0) / percent.length;
  return { mean, low: Math.min(...percent), high: Math.max(...percent) };
}
