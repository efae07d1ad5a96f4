import { existsSync } from "node:fs";
import { join } from "node:path";
import { hubParts } from "../shared/models/hub_config.ts";
import type { Statement } from "../shared/network/open/describe_file.ts";
import { readJson } from "./read_json.ts";

/** The file that Transformers.js runs when no other precision is asked for. */
export const HUB_FILE = "onnx/model.onnx";

/** Where a repository may have its network, in the order of asking: the most precise first. */
export const HUB_FILES: readonly string[] = [
  HUB_FILE,
  "model.onnx",
  "onnx/model_fp16.onnx",
  "model_fp16.onnx",
  "onnx/model_quantized.onnx",
  "model_quantized.onnx",
  "onnx/model_int8.onnx",
  "onnx/model_uint8.onnx",
];

/** The files that say something about a repository's network; neither has to be there. */
export const HUB_CONFIGS = ["config.json", "preprocessor_config.json"] as const;

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
