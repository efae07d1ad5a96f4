import type { Image } from "../../image/mod.ts";
import { paced } from "../../contract/paced.ts";
import type { Json, Steps } from "../../contract/method.ts";
import type { Matrix } from "./matrix.ts";
import type { EmbeddingOptions } from "./options.ts";
import { MOST_PCA_STEPS, pca, type Projection } from "../../tensor/pca.ts";
import { scatter } from "./figures.ts";
import { tsne } from "./tsne.ts";
import { umap } from "./umap.ts";

/** Steps between two previews. */
const PREVIEW = 50;

/** Features in the plane. */
export interface Layout {
  /** [rows, 2] */
  readonly points: Matrix;
  /** What the method says of it. */
  readonly measures: Readonly<Record<string, Json>>;
}

interface Scope {
  readonly features: Matrix;
  /** Squared distances of all features from each other. */
  readonly distances: Matrix;
  readonly options: EmbeddingOptions;
}

/** A step of a layout, with the points so far where it has some. */
interface LayoutStep {
  readonly done: number;
  readonly total: number;
  readonly points?: () => Matrix;
}

type Layouts = (scope: Scope) => Generator<LayoutStep, Layout, void>;

/**
 * Lays features out in the plane, with previews of the steps.
 *
 * @param scope.distances Squared distances of all features from each other.
 */
export async function* layOut(
  scope: Scope,
  thumbnails: readonly Image[],
  signal?: AbortSignal,
): Steps<Layout> {
  const steps = paced(LAYOUTS[scope.options.method](scope), signal);
  for (;;) {
    const { value, done } = await steps.next();
    if (done) return value;
    const { points, ...step } = value;
    const isShown = points && step.done % PREVIEW === 0;
    const preview = isShown ? () => scatter(points(), thumbnails) : undefined;
    yield { ...step, unit: "steps", preview };
  }
}

/** Principal components have no known number of steps. */
function* projected(features: Matrix): Generator<LayoutStep, Projection, void> {
  const steps = pca(features);
  for (let done = 1;; done++) {
    const step = steps.next();
    if (step.done) return step.value;
    yield { done, total: 2 * MOST_PCA_STEPS };
  }
}

const LAYOUTS: Readonly<Record<EmbeddingOptions["method"], Layouts>> = {
  *tsne({ features, distances, options: { iterations, ...options } }) {
    const perplexity = Math.min(options.perplexity, (features.rows - 1) / 3);
    const { points: start } = yield* projected(features);
    const steps = tsne(distances, { perplexity, iterations, start });
    for (let done = 1;; done++) {
      const { value, done: isLast } = steps.next();
      if (isLast) {
        const { points, divergence } = value;
        return { points, measures: { method: "tsne", perplexity, divergence } };
      }
      yield { done, total: iterations, points: () => value };
    }
  },
  *umap({ features, options }) {
    const neighbours = Math.min(options.neighbours, features.rows - 1);
    const steps = umap(features, { ...options, neighbours });
    for (let done = 1;; done++) {
      const { value, done: isLast } = steps.next();
      if (isLast) {
        return { points: value, measures: { method: "umap", umapNeighbours: neighbours } };
      }
      yield { done, ...value };
    }
  },
  *pca({ features }) {
    const { points, explained } = yield* projected(features);
    return { points, measures: { method: "pca", explainedVariance: explained } };
  },
};
