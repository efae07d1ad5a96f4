import type { Network } from "../../shared/network/network.ts";
import type { Command } from "./command.ts";
import { modelOptions } from "./common_options.ts";
import { optionHelp } from "./help.ts";
import { openNetworkFor } from "./open_network_for.ts";
import { parseCommandLine } from "./option_parser.ts";
import { table } from "./table.ts";

/** `cli layers`: what can be looked at in a network. */
export const layersCommand: Command = {
  name: "layers",
  summary: "Lists the layers of a network.",
  help: () =>
    Promise.resolve([
      "Lists the tensors of a network from input to output, with their aliases and shapes.",
      "Usage: cli layers --model <id or file> [options]",
      optionHelp("Options", modelOptions),
    ].join("\n\n")),
  async run(args, signal) {
    const [options] = parseCommandLine(args, modelOptions);
    const opened = await openNetworkFor(options, signal);
    await using network = opened.network;
    console.log(table([["alias", "tensor", "shape", "made by"], ...rows(network)]));
  },
};

function rows(network: Network): string[][] {
  const aliases = new Map(network.layers.map(({ alias, tensor }) => [tensor, alias]));
  return network.index.order.flatMap((node) =>
    node.output.filter((name) => network.hasLayer(name)).map((name) => {
      const alias = aliases.get(name) ?? "";
      const shape = network.facts.get(name)?.dims.join(" x ") ?? "?";
      return [alias === name ? "" : alias, name, shape, node.opType ?? ""];
    })
  );
}
