import { loadMethod, methods } from "../../shared/methods/registry.ts";
import type { Command } from "./command.ts";
import { parseCommandLine } from "./option_parser.ts";
import { table } from "./table.ts";

/** `cli methods`: what there is to look with. */
export const methodsCommand: Command = {
  name: "methods",
  summary: "Lists the methods.",
  help: () => Promise.resolve("Usage: cli methods\n\nLists the methods."),
  async run(args) {
    parseCommandLine(args);
    const all = await Promise.all(methods.map(({ id }) => loadMethod(id)));
    console.log(table([
      ["method", "title", "paper"],
      ...all.map(({ id, title, paper }) => [id, title, `${paper.authors} ${paper.year}`]),
    ]));
  },
};
