import { basename } from "node:path";
import { listModels, listUnlisted, locateModel } from "../../models/mod.ts";
import type { Manifest } from "../../shared/models/mod.ts";
import type { Command } from "./command.ts";
import { parseCommandLine } from "./option_parser.ts";
import { table } from "./table.ts";
import { loadMethod, methods } from "../../shared/methods/registry.ts";

/** `cli models`: the networks that have a manifest, and others that lie in the folders. */
export const modelsCommand: Command = {
  name: "models",
  summary: "Lists the networks.",
  help: () =>
    Promise.resolve(
      "Usage: cli models\n\nLists the networks that have a manifest, and which are here; then those " +
        "without one in models/own, in MODEL_MIRROR and in the cache.",
    ),
  run(args) {
    parseCommandLine(args);
    console.log(table([
      ["model", "title", "MB", "licence", "on this machine"],
      ...listModels().map((model) => [
        model.id,
        model.title,
        model.bytes === null ? "?" : (model.bytes / 1e6).toFixed(1),
        model.licence.name,
        locateModel(model) === undefined ? remedy(model) : "yes",
      ]),
      ...listUnlisted().map(({ id, path, repository }) => [
        id,
        repository?.name ?? basename(path),
        (Deno.statSync(path).size / 1e6).toFixed(1),
        "unknown",
        "yes",
      ]),
    ]));
    return Promise.resolve();
  },
};

function remedy({ id, source }: Manifest): string {
  const isPublic = "hub" in source && source.hub.public !== false;
  return isPublic ? `deno task fetch ${id}` : "in a MODEL_MIRROR only";
}

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
