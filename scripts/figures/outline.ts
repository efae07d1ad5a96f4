import { openModel } from "../../models/mod.ts";
import { openNetwork } from "../../shared/network/open_network.ts";
import { varyingTensors } from "../../shared/network/feature_maps.ts";
import { weightedNodes } from "../../shared/network/weights.ts";
import type { NetworkOutline } from "./figure_set.ts";

/**
 * Reads a network far enough to plan its figures; nothing is run.
 *
 * @throws {Error} If it is not on this machine; the message says how to get it.
 */
export async function outlineOf(idOrPath: string): Promise<NetworkOutline> {
  const source = await openModel(idOrPath);
  await using network = await openNetwork(source, { backend: "wasm" });
  const layers = network.layers.flatMap(({ alias, tensor }) => {
    const dims = network.facts.get(tensor)?.dims;
    if (dims === undefined) return [];
    const [, channels = 1, height = 1, width = 1] = dims;
    return [{ alias, tensor, channels, height, width }];
  });
  return {
    id: source.manifest.id,
    title: source.manifest.title,
    sha256: source.sha256,
    input: { height: source.manifest.input.height, width: source.manifest.input.width },
    labels: network.hasScores ? network.labels : [],
    hasWeights: weightedNodes(network.index, varyingTensors(network.index, network.inputName))
      .length > 0,
    layers,
  };
}
