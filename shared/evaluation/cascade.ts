import { inOrder, type Kernel } from "../compute/mod.ts";
import type { Context, Steps } from "../contract/method.ts";
import { InputError } from "../errors.ts";
import type { Network } from "../network/network.ts";
import { weightedLayers } from "./randomise.ts";

/** Stages of the cascade, at most. */
const STAGES = 8;

/** A map with the weights of some layers randomised. */
export interface CascadeStage {
  /** The lowest layer whose weights are randomised; those of all above it are too. */
  readonly layer: string;
  /** Layers whose weights are randomised. */
  readonly layers: number;
  readonly values: Float32Array;
}

/** How alike the maps of trained and of randomised weights are, and what is shown of the latter. */
export interface SanityStage extends Omit<CascadeStage, "values"> {
  /** Rank correlation of the sizes, and of the values with their signs. */
  readonly sizes: number;
  readonly values: number;
  /** Structural similarity; null where the map is too small for it. */
  readonly ssim: number | null;
  readonly map: Float32Array;
}

/**
 * Cascading randomisation of the weights, from the scores down to the image.
 *
 * @param tensor What is explained: weights below it are randomised.
 * @param kernel The map with the weights of the last so many layers randomised.
 * @throws {InputError} If no weights are below the tensor.
 * @see Adebayo et al., "Sanity Checks for Saliency Maps", NeurIPS 2018
 */
export async function* cascade<Job>(
  context: Context,
  tensor: string,
  kernel: Kernel<Job, number, Float32Array, Network>,
  job: Job,
): Steps<CascadeStage[]> {
  const all = weightedLayers(context.network, tensor);
  if (all.length === 0) {
    throw new InputError(`Cannot randomise weights: none are below "${tensor}"`);
  }
  const total = Math.min(all.length, STAGES);
  const counts = Array.from({ length: total }, (_, i) => Math.round((i + 1) * all.length / total));
  const stages: CascadeStage[] = [];
  const found = context.map(kernel, job, counts, { batch: 1 });
  for await (const { item, result } of inOrder(found, (count) => counts.indexOf(count))) {
    stages.push({ layer: all[item - 1].layer, layers: item, values: result });
    yield { done: stages.length, total, unit: "randomised layers" };
  }
  return stages;
}
