import type { Network } from "./network.ts";
import type { ScoreTarget } from "./score_target.ts";
import { parseUnit } from "./unit.ts";

/**
 * The activation of a unit, or the sum of a channel.
 *
 * @throws {InputError} If the text is no unit of the network.
 */
export function unitTarget(text: string, network: Network): ScoreTarget {
  const { layer, ...at } = parseUnit(text, network);
  return {
    spec: { kind: "sum", terms: [{ weight: 1, at }] },
    layer,
    label: text,
    quantity: "activation",
  };
}

/** Half the sum of squares of a layer. */
export function energyTarget(name: string, network: Network): ScoreTarget {
  const layer = network.resolveLayer(name);
  return { spec: { kind: "energy" }, layer, label: name, quantity: "energy" };
}
