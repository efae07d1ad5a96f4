import { InputError } from "../../errors.ts";
import { spearman, ssim } from "../../metrics/mod.ts";
import type { Model } from "../../onnx/mod.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Network } from "../../network/network.ts";
import type { RunContext } from "../../contract/technique.ts";
import { squish } from "./pictures.ts";
import { randomLayers, withRandomLayers } from "./randomise.ts";

/** Stages of the cascade, at most. */
const STAGES = 8;

/** Side of the smallest picture that structural similarity is defined for. */
const SSIM_WINDOW = 11;

/** The gradient with the weights of the last layers at random, compared with the real one. */
export interface SanityStage {
  /** The lowest layer whose weights are at random; all above it have theirs at random too. */
  readonly layer: string;
  /** Layers whose weights are at random. */
  readonly layers: number;
  /** Rank correlation of the sizes, and of the values with their signs. */
  readonly sizes: number;
  readonly values: number;
  /** Structural similarity of the squished sizes; null where the picture is too small for it. */
  readonly ssim: number | null;
  /** The sizes, squished over the channels. */
  readonly map: Float32Array;
}

export interface SanityScope {
  readonly network: Network;
  /** The tensor that is differentiated. */
  readonly layer: string;
  readonly seed: number;
  readonly gradient: Tensor<"float32">;
  /** The same gradient of another model. */
  gradientOf(model: Model, key: string): Promise<Tensor<"float32">>;
}

/**
 * Cascading randomisation of the weights, from the scores down to the picture.
 *
 * @throws {RangeError} If no weights are below the layer.
 * @see Adebayo et al., "Sanity Checks for Saliency Maps", NeurIPS 2018
 */
export async function sanityStages(
  { network, layer, seed, gradient, gradientOf }: SanityScope,
  { signal, onProgress }: RunContext,
): Promise<SanityStage[]> {
  const all = await randomLayers(network, layer, seed, { signal });
  if (all.length === 0) {
    throw new InputError(`Cannot draw weights at random: none are below "${layer}"`);
  }
  const total = Math.min(all.length, STAGES);
  const real = gradient.data.map(Math.abs);
  const [, channels, height, width] = gradient.dims;
  const realMap = squish(real, channels, height * width);
  const isLarge = Math.min(height, width) >= SSIM_WINDOW;
  const similarity = (map: Float32Array) => {
    const [a, b] = [realMap, map].map((values) => ({ width, height, values: scaled(values) }));
    return isLarge ? ssim(a, b, 1) : null;
  };
  const stages: SanityStage[] = [];
  for (let stage = 1; stage <= total; stage++) {
    signal?.throwIfAborted();
    const layers = all.slice(0, Math.round(stage * all.length / total));
    const key = JSON.stringify(["random", seed, layers.length]);
    const { data } = await gradientOf(withRandomLayers(network.model, layers), key);
    const sizes = data.map(Math.abs);
    const map = squish(sizes, channels, height * width);
    stages.push({
      layer: layers.at(-1)!.layer,
      layers: layers.length,
      sizes: spearman(real, sizes),
      values: spearman(gradient.data, data),
      ssim: similarity(map),
      map,
    });
    onProgress?.({ done: stage, total, unit: "layers at random" });
  }
  return stages;
}

/** To 0..1, since random weights change how large a gradient is. */
function scaled(map: Float32Array): Float32Array {
  const most = map.reduce((a, b) => Math.max(a, b), 0) || 1;
  return map.map((value) => value / most);
}
