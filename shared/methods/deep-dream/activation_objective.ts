import { InputError } from "../../errors.ts";
import {
  bestMatch,
  differentiate,
  energy,
  type Objective,
  withAscentStep,
} from "../../grad/mod.ts";
import { withOutputs } from "../../onnx/mod.ts";
import type { RunOptions } from "../../runtime/mod.ts";
import { elementCount, float32, type Tensor } from "../../tensor/tensor.ts";
import type { Network } from "../../network/network.ts";

/** What a dream raises: how strongly a layer answers, or how well it matches a guide. */
export interface ActivationObjective {
  /** For a person. */
  readonly quantity: "energy" | "match with the guide";
  readonly layer: string;
  readonly objective: Objective;
  /** What the objective reads beside the network. */
  readonly feeds: Readonly<Record<string, Tensor>>;
}

/** Name of the model's input with the guide's features. */
const FEATURES = "dream/features";

/**
 * The energy of a layer or, with a guide, at each of its positions the match with the feature of
 * the guide that fits best.
 *
 * @throws {RangeError} If there is a guide and the layer has no channels.
 */
export async function activationObjective(
  network: Network,
  layer: string,
  guide: Tensor<"float32"> | undefined,
  options: RunOptions,
): Promise<ActivationObjective> {
  if (!guide) return { quantity: "energy", layer, objective: energy(layer), feeds: {} };
  const { [layer]: answer } = await network.forward(guide, [layer], options);
  const { dims } = answer;
  if (dims.length !== 4 && dims.length !== 2) {
    throw new InputError(
      `Cannot follow the guide in "${layer}": its shape is [${dims}], expected [1, C, H, W] or ` +
        "[1, C]",
    );
  }
  const count = elementCount(dims.slice(2));
  return {
    quantity: "match with the guide",
    layer,
    objective: bestMatch(layer, FEATURES, count),
    feeds: { [FEATURES]: { ...answer, dims: [dims[1], count] } as Tensor },
  };
}

/** Where a step leads, and how strong the objective was before it. */
export interface Step {
  readonly next: Tensor<"float32">;
  readonly value: number;
}

/** Makes steps of a dream of one size. */
export type AscentStep = (
  dream: Tensor<"float32">,
  rate: number,
  options: RunOptions,
) => Promise<Step>;

/** @param dims The dream's shape, [1, C, H, W]. */
export function stepOf(
  network: Network,
  { quantity, layer, objective, feeds }: ActivationObjective,
  dims: readonly number[],
): AscentStep {
  const { inputName } = network;
  const gradient = differentiate(withOutputs(network.model, [layer]), {
    objective,
    wrt: [inputName],
    inputs: { [inputName]: dims },
  });
  const ascent = withAscentStep(gradient, inputName);
  return async (dream, rate, options) => {
    const results = await network.evaluate(
      ascent.model,
      { ...feeds, [inputName]: dream, [ascent.rate]: float32(Float32Array.of(rate), []) },
      [ascent.next, gradient.objective],
      options,
    );
    const value = Number(results[gradient.objective].data[0]);
    if (!Number.isFinite(value)) {
      throw new InputError(
        `Cannot dream of "${layer}": its ${quantity} is ${value}, expected a number; the network ` +
          "or the image has values that are no numbers, or too large ones",
      );
    }
    return { next: results[ascent.next] as Tensor<"float32">, value };
  };
}
