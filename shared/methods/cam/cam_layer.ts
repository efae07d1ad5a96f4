import { InputError } from "../../errors.ts";
import type { Network } from "../../network/network.ts";

/**
 * The tensor whose activations are weighed.
 *
 * @param name A layer's name or alias, or "auto": the last map [1, C, h, w] with more than one
 * position that the scores are made of.
 * @param scores The tensor that is explained.
 * @throws {InputError} If there is none such, it has no positions, or the scores do not depend on
 * it.
 */
export function camLayer(network: Network, name: string, scores: string): string {
  const { index } = network;
  const above = index.ancestors([scores]);
  if (name === "auto") {
    const layer = above.toReversed().flatMap((node) => node.output)
      .find((tensor) =>
        tensor !== "" && tensor !== scores && network.hasLayer(tensor) &&
        hasPositions(network, tensor)
      );
    if (layer !== undefined) return layer;
    throw new InputError(
      `Cannot choose a layer of ${network.id}: no feature map with more than one position leads to ` +
        "its scores, expected a convolutional network, or --layer",
    );
  }
  const layer = network.resolveLayer(name);
  if (!hasPositions(network, layer)) {
    const dims = network.facts.get(layer)?.dims;
    throw new InputError(
      `Cannot map "${name}": its shape is ${dims ? `[${dims}]` : "not known"}, expected ` +
        "[1, channels, height, width] with more than one position",
    );
  }
  if (!above.some((node) => node.input.includes(layer))) {
    throw new InputError(
      `Cannot map "${name}": the scores do not depend on it, expected a layer between the image ` +
        `and "${scores}"`,
    );
  }
  return layer;
}

function hasPositions({ facts }: Network, layer: string): boolean {
  const { type, dims = [] } = facts.get(layer) ?? {};
  return type === "float32" && dims.length === 4 && dims[0] === 1 && dims[2] * dims[3] > 1;
}
