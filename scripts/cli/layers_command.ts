import { z } from "zod";
import { featureMaps, varyingTensors } from "../../shared/network/feature_maps.ts";
import type { Network } from "../../shared/network/network.ts";
import { weightedNodes, weightsOf } from "../../shared/network/weights.ts";
import type { Command } from "./command.ts";
import { modelOptions } from "./common_options.ts";
import { optionHelp } from "./help.ts";
import { openNetworkFor } from "./open_network_for.ts";
import { parseCommandLine } from "./option_parser.ts";
import { table } from "./table.ts";

const options = modelOptions.extend({
  all: z.boolean().default(false)
    .describe(
      "Lists what else depends on the image, reshaped and cut tensors too, and the weights, each " +
        "apart.",
    ),
});

/** `cli layers`: what can be looked at in a network. */
export const layersCommand: Command = {
  name: "layers",
  summary: "Lists the layers of a network.",
  help: () =>
    Promise.resolve([
      "Lists the feature maps of a network from input to output, with their aliases and shapes.",
      "Usage: cli layers --model <id or file> [options]",
      optionHelp("Options", options),
    ].join("\n\n")),
  async run(args, signal) {
    const [parsed] = parseCommandLine(args, options);
    const opened = await openNetworkFor(parsed, signal);
    await using network = opened.network;
    const { maps, others, weights } = listed(network);
    const titles = ["alias", "tensor", "shape", "made by"];
    if (!parsed.all) {
      console.log(table([titles, ...maps]));
      return;
    }
    const parts = [
      ["Feature maps", [titles, ...maps]],
      ["Other tensors that depend on the image", [titles, ...others]],
      ["Weights", [["tensor", "shape", "read by"], ...weights]],
    ] as const;
    console.log(parts.map(([title, rows]) => `${title}\n\n${table(rows)}`).join("\n\n"));
  },
};

/** Feature maps, what is neither a map nor a weight, and weights, each from input to output. */
function listed(network: Network) {
  const { index, facts, layers } = network;
  const aliases = new Map(layers.map(({ alias, tensor }) => [tensor, alias]));
  const tensors = index.order.flatMap(({ output }) => output)
    .filter((name) => network.hasLayer(name) && network.tensorOf(name) === name);
  const isMap = new Set(featureMaps(tensors, network).map(({ tensor }) => tensor));
  const maps: string[][] = [];
  const others: string[][] = [];
  for (const name of tensors) {
    const layer = network.resolveLayer(name);
    const alias = aliases.get(layer) ?? "";
    // The shape as [1, channels, height, width], whatever the file's order.
    const shape = facts.get(layer)?.dims.join(" x ") ?? "?";
    const row = [alias === name ? "" : alias, name, shape, index.producer(name)?.opType ?? ""];
    (isMap.has(name) || aliases.has(layer) ? maps : others).push(row);
  }
  const weights = weightedNodes(index, varyingTensors(index, network.inputName)).map((node) => [
    weightsOf(node),
    facts.get(weightsOf(node))?.dims.join(" x ") ?? "?",
    `${node.opType} ${node.output[0]}`,
  ]);
  return { maps, others, weights };
}
