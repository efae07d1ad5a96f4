import { env, ModelRegistry } from "@huggingface/transformers";
import { HUB_FILE } from "../../models/hub_model.ts";
import type { HubFile, ModelFolders } from "../../models/folders.ts";
import type { Fetch } from "./open_range.ts";

/** The hub, as the settings of Transformers.js describe it. */
export interface Hub {
  urlOf(file: HubFile): string;
  /** Headers for a request to `url`: the access token, only for the hub itself. */
  headersFor(url: string): Headers;
  readonly fetch: Fetch;
  /** The files of a network in Transformers.js' layout, in full precision. */
  filesOf(repository: string): Promise<HubFile[]>;
  /** Bytes of a file; undefined if the hub does not say. */
  sizeOf(file: HubFile): Promise<number | undefined>;
}

const PREPROCESSOR = "preprocessor_config.json";

/**
 * Points Transformers.js at this project's folders, and at HF_ENDPOINT where that is set (a
 * mirror of the hub), and asks it where files lie.
 */
export function openHub(folders: ModelFolders): Hub {
  env.remoteHost = Deno.env.get("HF_ENDPOINT") || env.remoteHost;
  env.cacheDir = folders.cache;
  if (folders.mirror !== undefined) env.localModelPath = folders.mirror;
  // Its cache writes files under their final names; here only `download` may do that.
  env.useFSCache = false;
  env.useBrowserCache = false;
  env.allowLocalModels = false;
  const host = env.remoteHost.replace(/\/*$/, "/");
  return {
    urlOf: ({ repository, file, revision }) =>
      host + env.remotePathTemplate
        .replaceAll("{model}", repository)
        .replaceAll("{revision}", encodeURIComponent(revision))
        .replace(/\/*$/, "/") +
      file,
    headersFor(url) {
      const headers = new Headers();
      const token = Deno.env.get("HF_TOKEN");
      if (token && new URL(url).origin === new URL(host).origin) {
        headers.set("authorization", `Bearer ${token}`);
      }
      return headers;
    },
    fetch: (url, init) => env.fetch(url, init),
    async filesOf(repository) {
      const files = await ModelRegistry.get_model_files(repository, { dtype: "fp32" });
      const needed = new Set(["config.json", PREPROCESSOR, HUB_FILE, ...files]);
      return [...needed].map((file) => ({ repository, file, revision: "main" }));
    },
    async sizeOf({ repository, file, revision }) {
      return (await ModelRegistry.get_file_metadata(repository, file, { revision })).size;
    },
  };
}
