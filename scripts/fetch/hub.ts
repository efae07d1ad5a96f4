import { env } from "@huggingface/transformers";
import type { HubFile, ModelFolders } from "../../networks/folders.ts";
import type { Fetch } from "./open_range.ts";

/** The hub, as the settings of Transformers.js describe it. */
export interface Hub {
  urlOf(file: HubFile): string;
  /** Headers for a request to `url`: the access token, only for the hub itself. */
  headersFor(url: string): Headers;
  readonly fetch: Fetch;
}

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
  };
}
