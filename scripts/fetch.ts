/**
 * `deno task fetch <id>...`: fetches networks from the hub into the cache.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { findModel, formatMegabytes, listModels } from "../models/manifests.ts";
import { modelFolders } from "../models/folders.ts";
import { fetchModel } from "./fetch/fetch_model.ts";
import { openHub } from "./fetch/hub.ts";
import { progressView } from "./fetch/progress_view.ts";

const USAGE = `usage: deno task fetch <id | owner/name>...

Fetches networks from the Hugging Face hub into the cache, checks them, and goes on where an
earlier run stopped. An "owner/name" is any repository in the layout of Transformers.js.

environment:
  MODEL_CACHE    the folder they go to (default: .cache/models)
  MODEL_MIRROR   a folder in the hub's layout that is asked before the cache
  HF_ENDPOINT    another host in place of the hub
  HF_TOKEN       access token for repositories that want one
  HTTPS_PROXY    proxy on the way to the hub; NO_PROXY names hosts to reach without it
  DENO_CERT      certificate of an authority to trust, such as that of a proxy

networks:`;

const WRONG_USAGE = 2;

/** Runs the command. @returns The exit code. */
export async function main(args: readonly string[]): Promise<number> {
  let names: string[];
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { help: { type: "boolean", short: "h" } },
    });
    if (values.help) {
      console.log(usage());
      return 0;
    }
    names = positionals;
  } catch (error) {
    console.error((error as Error).message);
    return WRONG_USAGE;
  }
  if (names.length === 0) {
    console.error(usage());
    return WRONG_USAGE;
  }
  const folders = modelFolders();
  const context = { hub: openHub(folders), folders, view: progressView };
  let failures = 0;
  for (const name of names) {
    const manifest = findModel(name);
    if (manifest) console.log(`${name}: ${describe(manifest)}`);
    try {
      for (const { path, bytes, sha256, fetched } of await fetchModel(name, context)) {
        const state = fetched ? "fetched" : "is here already";
        console.log(`${path}: ${state}, ${formatMegabytes(bytes)}, SHA-256 ${sha256}`);
      }
    } catch (error) {
      failures++;
      console.error(error instanceof Error ? error.message : String(error));
    }
  }
  return failures === 0 ? 0 : 1;
}

function usage(): string {
  const rows = listModels().map((manifest) => `  ${manifest.id.padEnd(20)} ${describe(manifest)}`);
  return `${USAGE}\n${rows.join("\n")}`;
}

function describe({ bytes, sha256, licence, source }: ReturnType<typeof listModels>[number]) {
  const size = bytes === null ? "size unknown" : formatMegabytes(bytes);
  const digest = sha256 === null ? ", SHA-256 recorded when it is first fetched" : "";
  const mirrored = "hub" in source && source.hub.public === false ? ", only in a mirror" : "";
  return `${size}, ${licence.name}${digest}${mirrored}`;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
