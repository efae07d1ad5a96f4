import { InputError } from "../../errors.ts";
import { energy, logProbability, type Objective, unit } from "../../grad/mod.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Network } from "../../network/network.ts";
import { resolveTarget } from "../../network/target.ts";
import { parseUnit } from "../../network/unit.ts";
import type { GradientOptions } from "./options.ts";

/** What is differentiated. */
export interface Aim {
  readonly objective: Objective;
  /** The tensor that the objective is made of. */
  readonly layer: string;
  /** For a person: "tabby, tabby cat", "inception_4c/output:17". */
  readonly label: string;
  /** For a person: "logit", "activation", "energy". */
  readonly quantity: string;
}

/**
 * The objective that the options name.
 *
 * @throws {RangeError} If more than one is named, or the network has none such.
 */
export async function resolveAim(
  network: Network,
  input: Tensor<"float32">,
  options: GradientOptions,
  signal?: AbortSignal,
): Promise<Aim> {
  const named = [
    options.target !== "top-1" && "target",
    options.unit && "unit",
    options.energy && "energy",
  ]
    .filter((name) => name);
  if (named.length > 1) {
    throw new InputError(`Cannot differentiate: give only one of ${named.join(" and ")}`);
  }
  if (options.unit !== undefined) {
    const chosen = parseUnit(options.unit, network);
    const { layer } = chosen;
    return { objective: unit(layer, chosen), layer, label: options.unit, quantity: "activation" };
  }
  if (options.energy !== undefined) {
    const layer = network.resolveLayer(options.energy);
    return { objective: energy(layer), layer, label: options.energy, quantity: "energy" };
  }
  const layer = network.logitsTensor;
  const { [layer]: logits } = await network.forward(input, [layer], { signal });
  const scores = logits.data as Float32Array;
  const { index, label } = resolveTarget(options.target, scores, network.labelsOf(scores.length));
  const objective = options.score === "logit"
    ? unit(layer, { channel: index })
    : logProbability(layer, index, network.scoreLink);
  return { objective, layer, label, quantity: options.score };
}
