import { join } from "node:path";
import { hubParts } from "../shared/models/hub_config.ts";
import { type Manifest, parseManifest } from "../shared/models/manifest.ts";
import { readJson } from "./read_json.ts";

export interface HubModel {
  readonly manifest: Manifest;
  readonly labels?: readonly string[];
}

/** The file that Transformers.js runs when no other precision is asked for. */
export const HUB_FILE = "onnx/model.onnx";

/**
 * A manifest for any network in the hub's layout: made from its `config.json` and
 * `preprocessor_config.json`.
 *
 * @param folder Where the repository's files lie.
 * @returns Undefined if they do not lie there.
 * @throws {SyntaxError} If they cannot be read.
 */
export async function hubModel(repository: string, folder: string): Promise<HubModel | undefined> {
  const [config, preprocessor] = await Promise.all(
    ["config.json", "preprocessor_config.json"].map((name) => readJson(join(folder, name))),
  );
  if (config === undefined || preprocessor === undefined) return undefined;
  const { input, outputs, labels } = hubParts(config, preprocessor);
  const manifest = parseManifest({
    id: repository.replaceAll("/", "--"),
    title: repository,
    source: { hub: { repository, file: HUB_FILE, revision: "main" } },
    sha256: null,
    bytes: null,
    licence: { name: "see its page on the hub", url: null },
    homepage: null,
    provenance: `the hub's repository ${repository}`,
    input,
    ...(outputs && { outputs }),
  }, `for ${repository}`);
  return { manifest, labels };
}
