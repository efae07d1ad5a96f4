import { z } from "zod";
import { featureMaps } from "../../shared/network/feature_maps.ts";
import type { Network } from "../../shared/network/network.ts";
import type { Command } from "./command.ts";
import { modelOptions } from "./common_options.ts";
import { optionHelp } from "./help.ts";
import { openNetworkFor } from "./open_network_for.ts";
import { parseCommandLine } from "./option_parser.ts";
import { table } from "./table.ts";

const options = modelOptions.extend({
  all: z.boolean().default(false)
    .describe("Lists every tensor that depends on the image, reshaped and cut ones too."),
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
    console.log(table([["alias", "tensor", "shape", "made by"], ...rows(network, parsed.all)]));
  },
};

function rows(network: Network, all: boolean): string[][] {
  const { index, facts, layers } = network;
  const aliases = new Map(layers.map(({ alias, tensor }) => [tensor, alias]));
  const tensors = index.order.flatMap(({ output }) => output)
    .filter((name) => network.hasLayer(name) && network.tensorOf(name) === name);
  const maps = new Set(featureMaps(tensors, network).map(({ tensor }) => tensor));
  return tensors
    .map((name) => ({ name, layer: network.resolveLayer(name) }))
    .filter(({ name, layer }) => all || maps.has(name) || aliases.has(layer))
    .map(({ name, layer }) => {
      const alias = aliases.get(layer) ?? "";
      // The shape as [1, channels, height, width], whatever the file's order.
      const shape = facts.get(layer)?.dims.join(" x ") ?? "?";
      return [alias === name ? "" : alias, name, shape, index.producer(name)?.opType ?? ""];
    });
}
