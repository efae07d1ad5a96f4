import { uniformAt } from "../../tensor/random.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Context, Corpus, Steps } from "../../contract/method.ts";
import type { Inversion } from "./invert.ts";

/** Features nearer to the original's than this share of its norm are of the same image. */
const SAME = 1e-3;

/** Where an inversion lies among the features of other images. */
export interface FeatureDistances {
  /** Mean distance between the features of two images of the corpus. */
  readonly pairDistance: number;
  /** For each restart: 1 if the original's features is nearer to it than any other, and so on. */
  readonly ranks: readonly number[];
}

/** Euclidean distance. */
export function distanceOf(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum);
}

/**
 * Compares inversions with the features of up to `compare` images of a corpus, in one pass over it.
 * The mean distance is taken over pairs of images that follow each other in a shuffled order.
 *
 * @returns One entry an inversion.
 */
export async function* featureDistances(
  { network, signal }: Context,
  inversions: readonly Inversion[],
  corpus: Corpus,
  { compare, seed }: { readonly compare: number; readonly seed: number },
): Steps<FeatureDistances[]> {
  const order = shuffled(corpus.count, seed).slice(0, compare);
  const layers = inversions.map(({ layer }) => layer);
  const sums = layers.map(() => 0);
  const nearer = inversions.map(({ restarts }) => restarts.map(() => 0));
  let before: Record<string, Tensor> | undefined;
  for (const [done, index] of order.entries()) {
    signal?.throwIfAborted();
    const { tensor } = await corpus.read(index, signal);
    const found = await network.forward(tensor, layers, { signal });
    const dataOf = (all: Readonly<Record<string, Tensor>>, layer: string) =>
      all[layer].data as Float32Array;
    for (const [k, { layer, features, norm, restarts }] of inversions.entries()) {
      const here = dataOf(found, layer);
      if (before) sums[k] += distanceOf(here, dataOf(before, layer));
      if (distanceOf(here, features.data as Float32Array) < SAME * norm) continue;
      restarts.forEach((start, i) => {
        if (distanceOf(here, start.features) < start.distance) nearer[k][i]++;
      });
    }
    before = found;
    yield { done: done + 1, total: order.length, unit: "images" };
  }
  return inversions.map((_, k) => ({
    pairDistance: sums[k] / (order.length - 1),
    ranks: nearer[k].map((count) => count + 1),
  }));
}

/** 0 to `count` - 1 in an order drawn for a seed (Fisher and Yates). */
function shuffled(count: number, seed: number): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const other = Math.floor((i + 1) * uniformAt(seed, i));
    [order[i], order[other]] = [order[other], order[i]];
  }
  return order;
}
