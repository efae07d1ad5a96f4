import { InputError } from "../../errors.ts";
import { isPlaced } from "../../network/axes/axis.ts";
import { attentionLayers } from "../../network/axes/attention_axes.ts";
import { type NodeProto, weightsInput } from "../../onnx/mod.ts";
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
    const layer = lastMap(network, above, scores);
    if (layer !== undefined) return layer;
    throw new InputError(
      `Cannot choose a layer of ${network.id}: no feature map with more than one position leads to ` +
        "its scores, expected a convolutional network or a transformer, or --layer",
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
  if (!above.some((node) => node.input.includes(network.tensorOf(layer)))) {
    throw new InputError(
      `Cannot map "${name}": the scores do not depend on it, expected a layer between the image ` +
        `and "${scores}"`,
    );
  }
  return layer;
}

/** The last map whose positions the scores are made of, or what the last attention reads. */
function lastMap(network: Network, above: readonly NodeProto[], scores: string) {
  const layer = above.toReversed().flatMap((node) => node.output)
    .filter((tensor) => network.hasLayer(tensor) && positionsReach(network, tensor, scores))
    .map((tensor) => network.resolveLayer(tensor))
    .find((one) => network.tensorOf(one) !== scores && hasPositions(network, one));
  return layer ?? attendedMap(network, above);
}

/**
 * Whether scores are made of the positions of a tensor, and not only of a class token that read them
 * before.
 */
function positionsReach({ index, axes }: Network, tensor: string, scores: string): boolean {
  const isPlacedAt = (name: string) => axes.get(name)?.some(isPlaced) ?? true;
  const waiting = [tensor];
  const seen = new Set(waiting);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (name === scores) return true;
    for (const { opType = "", output } of index.consumers(name)) {
      const picks = PICKING.has(opType) && isPlacedAt(name) && !isPlacedAt(output[0]);
      if (picks) continue;
      for (const next of output) {
        if (!seen.has(next)) waiting.push(next);
        seen.add(next);
      }
    }
  }
  return false;
}

/** Operators that may take some of the tokens. */
const PICKING = new Set(["Gather", "Slice", "Split"]);

/** The tokens that queries, keys and values of the last attention are made of. */
function attendedMap(network: Network, above: readonly NodeProto[]): string | undefined {
  const { index, axes } = network;
  const last = attentionLayers(network)
    .findLast(({ tensor }) => above.some(({ output }) => output.includes(tensor)));
  const projection = last && index.ancestors([last.tensor])
    .findLast((node) => weightsInput(node) !== undefined && !axes.has(weightsInput(node)!));
  const layer = projection && network.resolveLayer(projection.input[0]);
  return layer !== undefined && hasPositions(network, layer) ? layer : undefined;
}

function hasPositions(network: Network, layer: string): boolean {
  const { type, dims = [] } = network.facts.get(layer) ?? {};
  const isKnown = network.axes.has(network.tensorOf(layer));
  const isMap = !isKnown || network.mapOf(layer) !== undefined;
  return isMap && type === "float32" && dims.length === 4 && dims[0] === 1 &&
    dims[2] * dims[3] > 1;
}
