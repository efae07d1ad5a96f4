import { runMethod } from "../../shared/contract/run_method.ts";
import { neuron, neuronOptions } from "../../shared/methods/neuron/mod.ts";
import type { Network } from "../../shared/network/network.ts";
import type { ChosenOptions } from "../figures/figure_set.ts";
import type { Tensor } from "../../shared/tensor/tensor.ts";

/** How the gallery made units before, on the whole input; what {@linkcode unitRecipe} is compared with. */
export const PRESENT: ChosenOptions = { recipe: "fourier", steps: 96 };

/** A unit's image, and what it took. */
export interface MadeUnit {
  readonly channel: number;
  /** [1, C, H, W], as fed to the network. */
  readonly image: Tensor<"float32">;
  readonly stepMs: number;
  /** All of it, the graph's making included. */
  readonly seconds: number;
}

/** Makes the image of a channel as a user does. */
export async function makeUnit(
  network: Network,
  unit: string,
  recipe: ChosenOptions,
): Promise<MadeUnit> {
  const options = neuronOptions.parse({ unit, ...recipe });
  const start = performance.now();
  const { arrays, measures } = await runMethod(neuron, network, {}, options, {});
  return {
    channel: measures.channel as number,
    image: arrays.image as Tensor<"float32">,
    stepMs: 1000 * (measures.stepSeconds as number),
    seconds: (performance.now() - start) / 1000,
  };
}
