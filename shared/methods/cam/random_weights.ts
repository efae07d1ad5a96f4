import { areNumbers, type Kernel, oneByOne } from "../../compute/mod.ts";
import { randomLayers, withRandomLayers } from "../../evaluation/randomise.ts";
import { differentiate } from "../../grad/mod.ts";
import { readMap } from "../../network/axes/map_axes.ts";
import type { Network } from "../../network/network.ts";
import { objectiveOf, type ScoreTarget } from "../../network/score_target.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";
import { camOf } from "./cam_methods.ts";
import type { CamMethod } from "./options.ts";

/** What all stages of the cascade share. */
export interface RandomWeightsJob {
  /** [1, C, H, W] */
  readonly input: Tensor<"float32">;
  readonly target: ScoreTarget;
  /** The layer that is weighed, and its positions. */
  readonly layer: string;
  readonly positions: number;
  readonly method: Exclude<CamMethod, "scorecam">;
  readonly seed: number;
}

/** The map, with the weights of the last so many layers randomised. */
export const randomWeightsKernel: Kernel<RandomWeightsJob, number, Float32Array, Network> = {
  id: "cam/random-weights",
  isLong: true,
  isResult: (value, { positions }) => areNumbers(value, positions),
  async open(network, { input, target, layer, method, seed }, { signal }) {
    const { inputName, inputDims } = network;
    const all = await randomLayers(network, target.layer, seed, { signal });
    const tensor = network.tensorOf(layer);
    const map = tensor === layer ? undefined : network.mapOf(layer);
    return oneByOne(async (count, { signal }) => {
      const { model, gradients } = differentiate(
        withRandomLayers(network.model, all.slice(0, count)),
        {
          objective: objectiveOf(target),
          wrt: [tensor],
          inputs: { [inputName]: inputDims },
          outputs: [tensor],
        },
      );
      const names = [tensor, gradients[tensor]];
      const results = await network.evaluate(model, { [inputName]: input }, names, { signal });
      const [activations, gradient] = names.map((name) => {
        const found = float32(results[name].data as Float32Array, results[name].dims);
        return map ? readMap(found, map) : found;
      });
      const [, channels] = activations.dims;
      return camOf(method, { activations: activations.data, gradients: gradient.data, channels });
    });
  },
};
