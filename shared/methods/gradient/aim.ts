import { InputError } from "../../errors.ts";
import {
  energy,
  logProbability,
  type Objective,
  type ScoreLink,
  unit,
  type UnitPosition,
} from "../../grad/mod.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Network } from "../../network/network.ts";
import { resolveTarget } from "../../network/target.ts";
import { parseUnit } from "../../network/unit.ts";
import type { GradientOptions } from "./options.ts";

/** What is differentiated, as plain data. */
export type AimSpec =
  | { readonly kind: "unit"; readonly at: UnitPosition }
  | { readonly kind: "energy" }
  | { readonly kind: "log-probability"; readonly index: number; readonly link: ScoreLink };

/** What is differentiated, and what it is called. */
export interface Aim {
  readonly spec: AimSpec;
  /** The tensor that the objective is made of. */
  readonly layer: string;
  /** For a person: "tabby, tabby cat", "inception_4c/output:17". */
  readonly label: string;
  /** Of the class, where it is one. */
  readonly index?: number;
  /** For a person: "logit", "activation", "energy". */
  readonly quantity: string;
}

export function objectiveOf({ spec, layer }: Pick<Aim, "spec" | "layer">): Objective {
  switch (spec.kind) {
    case "unit":
      return unit(layer, spec.at);
    case "energy":
      return energy(layer);
    case "log-probability":
      return logProbability(layer, spec.index, spec.link);
  }
}

/**
 * The objective that the options name.
 *
 * @throws {InputError} If more than one is named, or the network has none such.
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
    const { layer, ...at } = parseUnit(options.unit, network);
    return { spec: { kind: "unit", at }, layer, label: options.unit, quantity: "activation" };
  }
  if (options.energy !== undefined) {
    const layer = network.resolveLayer(options.energy);
    return { spec: { kind: "energy" }, layer, label: options.energy, quantity: "energy" };
  }
  const layer = network.logitsTensor;
  const { [layer]: logits } = await network.forward(input, [layer], { signal });
  const scores = logits.data as Float32Array;
  const { index, label } = resolveTarget(options.target, scores, network.labelsOf(scores.length));
  const spec: AimSpec = options.score === "logit"
    ? { kind: "unit", at: { channel: index } }
    : { kind: "log-probability", index, link: network.scoreLink };
  // A network may give nothing but probabilities.
  const isShare = options.score === "logit" && network.scoreLink === "none";
  return { spec, layer, label, index, quantity: isShare ? "probability" : options.score };
}
