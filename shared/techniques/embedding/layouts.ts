import type { Image } from "../../image/mod.ts";
import { pacer } from "../../contract/pacer.ts";
import type { Json, RunContext } from "../../contract/technique.ts";
import type { Matrix } from "./matrix.ts";
import type { EmbeddingOptions } from "./options.ts";
import { pca } from "./pca.ts";
import { scatter } from "./pictures.ts";
import { tsne } from "./tsne.ts";
import { umap } from "./umap.ts";

/** Steps between two previews. */
const PREVIEW = 50;

/** Codes in the plane. */
export interface Layout {
  /** [rows, 2] */
  readonly points: Matrix;
  /** What the method says of it. */
  readonly measures: Readonly<Record<string, Json>>;
}

interface Scope {
  readonly codes: Matrix;
  /** Squared distances of all codes from each other. */
  readonly distances: Matrix;
  readonly options: EmbeddingOptions;
  /** Awaited after each step. */
  onStep(done: number, total: number, points: () => Matrix): Promise<void>;
}

/**
 * Lays codes out in the plane, with previews of the steps.
 *
 * @param distances Squared distances of all codes from each other.
 */
export function layOut(
  codes: Matrix,
  distances: Matrix,
  thumbnails: readonly Image[],
  options: EmbeddingOptions,
  { signal, onProgress }: RunContext,
): Promise<Layout> {
  const turn = pacer(signal);
  return LAYOUTS[options.method]({
    codes,
    distances,
    options,
    async onStep(done, total, points) {
      await turn();
      const preview = done % PREVIEW === 0 ? scatter(points(), thumbnails) : undefined;
      onProgress?.({ done, total, unit: "steps", preview });
    },
  });
}

const LAYOUTS: Readonly<Record<EmbeddingOptions["method"], (scope: Scope) => Promise<Layout>>> = {
  async tsne({ codes, distances, options: { iterations, ...options }, onStep }) {
    const perplexity = Math.min(options.perplexity, (codes.rows - 1) / 3);
    const { points, divergence } = await tsne(distances, {
      perplexity,
      iterations,
      start: pca(codes).points,
      onStep: (done, points) => onStep(done, iterations, () => points),
    });
    return { points, measures: { method: "tsne", perplexity, divergence } };
  },
  async umap({ codes, options, onStep }) {
    const used = Math.min(options.neighbours, codes.rows - 1);
    const points = await umap(codes, { ...options, neighbours: used, onStep });
    return { points, measures: { method: "umap", umapNeighbours: used } };
  },
  pca({ codes }) {
    const { points, explained } = pca(codes);
    return Promise.resolve({ points, measures: { method: "pca", explained } });
  },
};
