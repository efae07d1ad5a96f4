import { existsSync } from "node:fs";
import { join } from "node:path";
import { HUB_CONFIGS, HUB_FILES, hubParts } from "../shared/models/hub_config.ts";
import type { Statement } from "../shared/network/open/describe_file.ts";
import { readJson } from "./network_file.ts";

/** Path of a repository's network in a folder; undefined if there is none. */
export function hubFile(folder: string): string | undefined {
  return HUB_FILES.map((file) => join(folder, file)).find((path) => existsSync(path));
}

/**
 * What the `config.json` and the `preprocessor_config.json` of a repository say about its network.
 *
 * @param folder Where the repository's files lie.
 * @returns Undefined if neither is there.
 * @throws {SyntaxError} If they cannot be read.
 */
export async function hubStatements(folder: string): Promise<Statement[] | undefined> {
  const [config, preprocessor] = await Promise.all(
    HUB_CONFIGS.map((name) => readJson(join(folder, name))),
  );
  if (config === undefined && preprocessor === undefined) return undefined;
  const { input, outputs, labels } = hubParts(config ?? {}, preprocessor);
  const [byConfig, byPreprocessor] = HUB_CONFIGS;
  return [
    { by: byConfig, ...labels && { labels }, ...outputs && { rest: { outputs } } },
    ...input ? [{ by: preprocessor === undefined ? byConfig : byPreprocessor, input }] : [],
  ];
}
