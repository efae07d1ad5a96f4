import { InputError } from "../errors.ts";
import type { Network } from "./network.ts";

/**
 * The alias of the layer that stands for a network: the first of its sweep.
 *
 * @throws {RangeError} If the network has no feature maps.
 */
export function defaultLayer(network: Network): string {
  const [first] = network.layers;
  if (first) return first.alias;
  throw new InputError(`Cannot choose a layer of ${network.id}: it has no feature maps; name one`);
}
