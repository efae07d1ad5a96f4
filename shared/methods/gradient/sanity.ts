import { inOrder } from "../../compute/mod.ts";
import type { Context, Steps } from "../../contract/method.ts";
import { InputError } from "../../errors.ts";
import { spearman, ssim } from "../../metrics/mod.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { GradientSpec } from "./gradient_of.ts";
import type { GradientOptions } from "./options.ts";
import { maxOverChannels } from "./figures.ts";
import { randomWeightsKernel } from "./random_weights.ts";
import { weightedLayers } from "./randomise.ts";

/** Stages of the cascade, at most. */
const STAGES = 8;

/** Side of the smallest image that structural similarity is defined for. */
const SSIM_WINDOW = 11;

/** The gradient with the weights of the last layers randomised, compared with the real one. */
export interface SanityStage {
  /** The lowest layer whose weights are randomised; those of all above it are too. */
  readonly layer: string;
  /** Layers whose weights are randomised. */
  readonly layers: number;
  /** Rank correlation of the sizes, and of the values with their signs. */
  readonly sizes: number;
  readonly values: number;
  /** Structural similarity of the maximum sizes; null where the image is too small for it. */
  readonly ssim: number | null;
  /** The sizes, maximum over the channels. */
  readonly map: Float32Array;
}

export interface SanityScope {
  readonly spec: GradientSpec;
  readonly input: Tensor<"float32">;
  /** What the cascade is compared with. */
  readonly gradient: Tensor<"float32">;
  readonly options: GradientOptions;
}

/**
 * Cascading randomisation of the weights, from the scores down to the image.
 *
 * @throws {InputError} If no weights are below the layer.
 * @see Adebayo et al., "Sanity Checks for Saliency Maps", NeurIPS 2018
 */
export async function* sanityStages(
  context: Context,
  { spec, input, gradient, options }: SanityScope,
): Steps<SanityStage[]> {
  const { layer } = spec.aim;
  const all = weightedLayers(context.network, layer);
  if (all.length === 0) {
    throw new InputError(`Cannot randomise weights: none are below "${layer}"`);
  }
  const total = Math.min(all.length, STAGES);
  const counts = Array.from({ length: total }, (_, i) => Math.round((i + 1) * all.length / total));
  const { samples, noise, seed } = options;
  const job = { spec, input, samples, noise, seed };
  const compare = comparison(gradient);
  const stages: SanityStage[] = [];
  const found = context.map(randomWeightsKernel, job, counts, { batch: 1 });
  for await (const { item: layers, result } of inOrder(found, (count) => counts.indexOf(count))) {
    stages.push({ layer: all[layers - 1].layer, layers, ...compare(result) });
    yield { done: stages.length, total, unit: "randomised layers" };
  }
  return stages;
}

/** How other gradients compare with this one. */
function comparison({ data, dims: [, channels, height, width] }: Tensor<"float32">) {
  const real = data.map(Math.abs);
  const realMap = maxOverChannels(real, channels, height * width);
  const isLarge = Math.min(height, width) >= SSIM_WINDOW;
  return (other: Float32Array) => {
    const sizes = other.map(Math.abs);
    const map = maxOverChannels(sizes, channels, height * width);
    const [a, b] = [realMap, map].map((values) => ({ width, height, values: scaled(values) }));
    return {
      sizes: spearman(real, sizes),
      values: spearman(data, other),
      ssim: isLarge ? ssim(a, b, 1) : null,
      map,
    };
  };
}

/** To 0..1, since random weights change how large a gradient is. */
function scaled(map: Float32Array): Float32Array {
  const most = map.reduce((a, b) => Math.max(a, b), 0) || 1;
  return map.map((value) => value / most);
}
