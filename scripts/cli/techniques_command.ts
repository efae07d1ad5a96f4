import { loadTechnique, techniques } from "../../shared/techniques/registry.ts";
import type { Command } from "./command.ts";
import { parseCommandLine } from "./option_parser.ts";
import { table } from "./table.ts";

/** `cli techniques`: what there is to look with. */
export const techniquesCommand: Command = {
  name: "techniques",
  summary: "Lists the techniques.",
  help: () => Promise.resolve("Usage: cli techniques\n\nLists the techniques."),
  async run(args) {
    parseCommandLine(args);
    const all = await Promise.all(techniques.map(({ id }) => loadTechnique(id)));
    console.log(table([
      ["technique", "title", "paper"],
      ...all.map(({ id, title, paper }) => [id, title, `${paper.authors} ${paper.year}`]),
    ]));
  },
};
