import { z } from "zod";
import { type NetworkSummary, networkSummary } from "../../shared/network/open/network_summary.ts";
import { FIELDS } from "../../shared/network/open/describe_file.ts";
import { printable } from "../../shared/printable.ts";
import type { Command } from "./command.ts";
import { modelOptions } from "./common_options.ts";
import { optionHelp } from "./help.ts";
import { openNetworkFor } from "./open_network_for.ts";
import { parseCommandLine } from "./option_parser.ts";
import { table } from "./table.ts";

const options = modelOptions.extend({
  json: z.boolean().default(false).describe("Prints JSON instead of a table."),
});

/** Which option overrules each part of what was settled. */
const OVERRULED: Readonly<Record<string, string>> = {
  height: "--height, --size",
  width: "--width, --size",
  resize: "--fit, --short-side",
  channelOrder: "--channel-order",
  scale: "--scale",
  mean: "--mean",
  std: "--std",
};

/** `cli describe`: what was settled when a network was opened, and what says so. */
export const describeCommand: Command = {
  name: "describe",
  summary: "Says what a network takes and gives, where that was found, and what was assumed.",
  help: () =>
    Promise.resolve([
      "Describes a network: its input, the class scores and what they are, its labels and its " +
      "preprocessing, each with where it was found, or that it was assumed; and the option that " +
      "overrules it.",
      "Usage: cli describe --model <id or file> [options]",
      optionHelp("Options", options),
    ].join("\n\n")),
  async run(args, signal) {
    const [parsed] = parseCommandLine(args, options);
    const opened = await openNetworkFor(parsed, signal);
    await using network = opened.network;
    await network.compareRuns({ signal });
    const summary = networkSummary(network, opened.origins);
    console.log(
      parsed.json
        ? JSON.stringify({ ...summary, sha256: opened.sha256 }, null, 2)
        : [table([["what", "value", "found", "overruled by"], ...rows(summary)]), ...notes(summary)]
          .join("\n"),
    );
  },
};

const notes = (summary: NetworkSummary) =>
  summary.notes.length === 0 ? [] : ["", ...summary.notes.map(printable)];

function rows(
  { input, output, labels, preprocessing, origins, repeatable }: NetworkSummary,
): string[][] {
  const shape = (dims: readonly (number | string | null)[] | null) =>
    dims ? `[${dims.map((extent) => extent ?? "?")}]` : "?";
  const isScores = output.link !== null;
  return [
    [
      "input",
      `${input.name} ${shape(input.shape)}`,
      `declared as ${input.type} ${shape(input.declared)}`,
      "--image-input, --layout, --feed",
    ],
    ["batch", input.batches ? "any" : "1", "the graph", ""],
    [
      isScores ? "scores" : "output",
      `${output.tensor} ${shape(output.shape)}`,
      output.from ?? "the graph",
      "--scores",
    ],
    [
      "kind",
      output.kind + (output.link ? `, ${output.link}` : ""),
      "",
      "",
    ],
    ...isScores
      ? [["probabilities", output.probabilities ?? "computed of the scores", "", ""]]
      : [],
    ["labels", String(labels.count ?? "none"), labels.from ?? "", "--labels"],
    ...FIELDS.flatMap((field) => {
      if (field === "labels") return [];
      return [[field, valueOf(preprocessing[field]), origins[field] ?? "", OVERRULED[field]]];
    }),
    ["two runs", repeatable === null ? "not compared" : repeatable ? "equal" : "differ", "", ""],
  ];
}

function valueOf(value: unknown): string {
  if (typeof value === "number") return String(Number(value.toPrecision(6)));
  if (Array.isArray(value)) return value.map(valueOf).join(", ");
  if (typeof value !== "object" || value === null) return String(value);
  if ("shortSide" in value) return `short side to ${value.shortSide}, then the centre`;
  return "pad" in value ? "the whole, padded" : "the whole, stretched";
}
