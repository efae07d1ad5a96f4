import { areNumbers, type Kernel, oneByOne } from "../../compute/mod.ts";
import type { Network } from "../../network/network.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { finiteGradient } from "./finite_gradient.ts";
import { randomLayers, withRandomLayers } from "../../evaluation/randomise.ts";
import { noisyCopy, type SampleJob } from "./smooth_grad.ts";

/** What all stages of the cascade share. */
export interface RandomWeightsJob extends SampleJob {
  readonly samples: number;
}

/** The gradient, with the weights of the last so many layers randomised. */
export const randomWeightsKernel: Kernel<RandomWeightsJob, number, Float32Array, Network> = {
  id: "gradient/random-weights",
  isLong: true,
  isResult: (value, { input }) => areNumbers(value, input.data.length),
  async open(network, { spec, input, samples, noise, seed }, { signal }) {
    const all = await randomLayers(network, spec.aim.layer, seed, { signal });
    return oneByOne(async (count, { signal }) => {
      const base = withRandomLayers(network.model, all.slice(0, count));
      const gradient = finiteGradient(network, spec, base);
      const at = async (copy: Tensor<"float32">) => (await gradient(copy, { signal })).gradient;
      if (samples === 1) return await at(input);
      const sum = new Float64Array(input.data.length);
      for (let i = 0; i < samples; i++) {
        (await at(noisyCopy(input, i, { noise, seed }))).forEach((value, k) => sum[k] += value);
      }
      return Float32Array.from(sum, (value) => value / samples);
    });
  },
};
