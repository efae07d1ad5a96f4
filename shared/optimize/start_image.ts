import type { ManifestInput } from "../models/mod.ts";
import { normalAt } from "../tensor/random.ts";
import { elementCount, float32, type Tensor } from "../tensor/tensor.ts";
import { levelSpace } from "./level_space.ts";

const LEVEL = 127.5;

/** What each plane of a network's input is where an image is mid grey. */
export function midGrey({ scale, mean, std }: ManifestInput): number[] {
  return mean.map((m, c) => (LEVEL * scale - m) / std[c]);
}

/** Root mean square of a natural image's distance from the mean image, in levels. */
export const NATURAL_LEVELS = 60;

/** Even noise as far from the mean image as a natural image is, as it is fed to the network. */
export function naturalNoise(
  dims: readonly number[],
  input: ManifestInput,
  seed: number,
): Tensor<"float32"> {
  const noise = Float32Array.from({ length: elementCount(dims) }, (_, i) => normalAt(seed, i));
  const size = Math.sqrt(noise.reduce((sum, v) => sum + v * v, 0) / noise.length);
  const levels = noise.map((value) => NATURAL_LEVELS / size * value);
  return levelSpace(input).toInput(float32(levels, dims));
}
