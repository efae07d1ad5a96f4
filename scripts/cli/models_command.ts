import { listModels } from "../../models/catalogue.ts";
import type { Command } from "./command.ts";
import { parseCommandLine } from "./option_parser.ts";
import { table } from "./table.ts";

/** `cli models`: the networks that have a manifest. */
export const modelsCommand: Command = {
  name: "models",
  summary: "Lists the networks.",
  help: () => Promise.resolve("Usage: cli models\n\nLists the networks that have a manifest."),
  run(args) {
    parseCommandLine(args);
    console.log(table([
      ["model", "title", "MB", "licence", "on the hub"],
      ...listModels().map(({ id, title, bytes, licence, source }) => [
        id,
        title,
        bytes === null ? "?" : (bytes / 1e6).toFixed(1),
        licence.name,
        "hub" in source && source.hub.public !== false ? source.hub.repository : "",
      ]),
    ]));
    return Promise.resolve();
  },
};
