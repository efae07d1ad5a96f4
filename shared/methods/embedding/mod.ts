/**
 * A folder of images laid out in the plane by what a network makes of them: near is alike.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import { float32 } from "../../tensor/tensor.ts";
import { paced } from "../../contract/paced.ts";
import type { Context, Corpus, CorpusInputs, Method, Run, Steps } from "../../contract/method.ts";
import { featureLayer, featuresOf, namedLayer } from "./features.ts";
import { type GridLayout, gridLayout } from "./grid.ts";
import { layOut } from "./layouts.ts";
import { type Matrix, neighbourLists, squaredDistances, withMetric } from "./matrix.ts";
import { type EmbeddingOptions, embeddingOptions } from "./options.ts";
import { atlasColumns, atlasOf, embeddingFigure } from "./figures.ts";
import { faithfulness, labelAccuracy } from "./quality.ts";

export * from "./options.ts";

/** Fewer have no neighbourhoods to keep; more do not fit the memory as pairs. */
const FEWEST = 10;
const MOST = 5000;

/** Neighbours that are compared by the measures. */
const NEIGHBOURS = 12;
const VOTERS = 5;

const METHODS = { tsne: "t-SNE", umap: "UMAP", pca: "Principal components" } as const;

/** Images by their features: t-SNE, UMAP or principal components, as a scatter and as a grid. */
export const embedding: Method<EmbeddingOptions, CorpusInputs> = {
  id: "embedding",
  title: "Embedding",
  summary: "Lays a folder of images out so that those are near that are alike for a layer.",
  paper: {
    title: "Visualizing Data using t-SNE",
    authors: "Laurens van der Maaten, Geoffrey Hinton",
    venue: "Journal of Machine Learning Research 9",
    year: 2008,
    url: "https://jmlr.org/papers/v9/vandermaaten08a.html",
  },
  takes: { corpus: "required" },
  options: embeddingOptions,
  run,
};

async function* run(context: Context, { corpus }: CorpusInputs, options: EmbeddingOptions): Run {
  const { network, signal } = context;
  checkCount(corpus.count);
  const layer = options.layer === "auto" ? featureLayer(network) : options.layer;
  const { features, thumbnails } = yield* featuresOf(context, corpus, layer, options);
  const compared = withMetric(features, options.metric);
  const distances = squaredDistances(compared);
  const scope = { features: compared, distances, options };
  const { points, measures } = yield* layOut(scope, thumbnails, signal);
  const grid = yield* placed(points, signal);
  const [byFeatures, inPlane] = [distances, squaredDistances(points)].map(neighbourLists);
  const { k, trustworthiness, continuity } = faithfulness(byFeatures, inPlane, NEIGHBOURS);
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const names = Array.from({ length: corpus.count }, (_, i) => corpus.nameOf(i));
  const labels = labelsOf(corpus);
  return {
    figures: {
      figure: embeddingFigure({
        title: `${METHODS[options.method]} of ${layer}`,
        text: `${corpus.count} images by their features, ${features.columns} numbers each. ` +
          `Trustworthiness ${percent(trustworthiness)}, continuity ${percent(continuity)}.`,
        ...{ points, grid, thumbnails },
      }),
    },
    images: { atlas: atlasOf(thumbnails) },
    arrays: {
      features: float32(Float32Array.from(features.data), [features.rows, features.columns]),
      points: float32(Float32Array.from(points.data), [points.rows, 2]),
      cells: { type: "int32", dims: [corpus.count, 2], data: grid.cells },
    },
    measures: {
      layer: namedLayer(network, layer),
      ...measures,
      neighbours: k,
      trustworthiness,
      continuity,
      ...labels && {
        labelAccuracy: labelAccuracy(inPlane, labels, VOTERS),
        labelAccuracyOfFeatures: labelAccuracy(byFeatures, labels, VOTERS),
      },
      assignmentCost: grid.cost,
      gridColumns: grid.columns,
      gridRows: grid.rows,
      atlasColumns: atlasColumns(corpus.count),
      names,
      labels: labels ?? null,
    },
  };
}

/** The points on a grid, with a step for each. */
async function* placed(points: Matrix, signal?: AbortSignal): Steps<GridLayout> {
  const steps = paced(gridLayout(points), signal);
  for (let count = 1;; count++) {
    const { value, done } = await steps.next();
    if (done) return value;
    yield { done: count, total: points.rows, unit: "images placed" };
  }
}

function checkCount(count: number): void {
  if (count < FEWEST) {
    throw new InputError(`Cannot embed ${count} images: at least ${FEWEST} are needed`);
  }
  if (count > MOST) {
    throw new InputError(`Cannot embed ${count} images: all pairs are compared, at most ${MOST}`);
  }
}

/** What each image shows; undefined where that is not known of all. */
function labelsOf(corpus: Corpus): string[] | undefined {
  const labels = Array.from({ length: corpus.count }, (_, i) => corpus.labelOf?.(i));
  return labels.every((label) => label !== undefined) ? labels : undefined;
}
