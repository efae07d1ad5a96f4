import { areNumbers, type Kernel, oneByOne } from "../../compute/mod.ts";
import type { GradientSpec } from "../../network/image_gradient.ts";
import type { Network } from "../../network/network.ts";
import { normalAt } from "../../tensor/random.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";
import { finiteGradient } from "./finite_gradient.ts";

export interface NoiseOptions {
  /** Standard deviation of the noise, as a share of the input's range. */
  readonly noise: number;
  readonly seed: number;
}

/** What all samples share. */
export interface SampleJob extends NoiseOptions {
  readonly spec: GradientSpec;
  readonly input: Tensor<"float32">;
}

/** The gradient at one noisy copy of the input. */
export const sampleKernel: Kernel<SampleJob, number, Float32Array, Network> = {
  id: "gradient/sample",
  isResult: (value, { input }) => areNumbers(value, input.data.length),
  open(network, { spec, input, ...options }) {
    const at = finiteGradient(network, spec);
    return Promise.resolve(oneByOne(async (index, { signal }) => {
      const copy = noisyCopy(input, index, options);
      return (await at(copy, { signal })).gradient;
    }));
  },
};

/**
 * Copy `index` of the input with normally distributed noise.
 *
 * @see Smilkov et al., "SmoothGrad: removing noise by adding noise", 2017
 */
export function noisyCopy(
  input: Tensor<"float32">,
  index: number,
  { noise, seed }: NoiseOptions,
): Tensor<"float32"> {
  let [min, max] = [Infinity, -Infinity];
  for (const value of input.data) {
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  const deviation = noise * (max - min);
  const start = index * input.data.length;
  return float32(
    input.data.map((value, i) => value + deviation * normalAt(seed, start + i)),
    input.dims,
  );
}
