import { z } from "zod";
import type { ModelDetails } from "../../../../shared/api/mod.ts";
import type { Executor } from "../../../../shared/compute/mod.ts";
import type { MethodInput } from "../../../../shared/contract/method.ts";
import { decodeImage } from "../../../../shared/image/decode_image.ts";
import { networkWorkers } from "../../../../shared/methods/network_workers.ts";
import type { ManifestInput } from "../../../../shared/models/manifest.ts";
import { preprocess } from "../../../../shared/models/preprocess.ts";
import { sha256 } from "../../../../shared/models/sha256.ts";
import {
  type Network,
  type NetworkSource,
  openNetwork,
} from "../../../../shared/network/network.ts";

// The page's policy refuses code that is made from text, and zod would try.
z.config({ jitless: true });

/** A network in this worker, and the workers that compute with it. */
export class LocalNetwork {
  #pool: { readonly threads: number; readonly executor: Executor<Network> } | undefined;

  constructor(
    readonly network: Network,
    readonly source: NetworkSource,
    /** Of its file. */
    readonly sha256: string,
  ) {}

  /** This thread and workers, `threads` in all; the workers stay for the next job. */
  async executor(threads: number): Promise<Executor<Network>> {
    if (this.#pool?.threads !== threads) {
      await this.#pool?.executor[Symbol.asyncDispose]();
      const executor = networkWorkers(this.network, this.source, { spawn, threads });
      this.#pool = { threads, executor };
    }
    return this.#pool.executor;
  }

  async dispose(): Promise<void> {
    await this.#pool?.executor[Symbol.asyncDispose]();
    await this.network.dispose();
  }
}

const spawn = () =>
  new Worker(new URL("../../../../shared/methods/network_worker.ts", import.meta.url), {
    type: "module",
  });

/** The network that was used last. */
let opened: { readonly id: string; readonly network: Promise<LocalNetwork> } | undefined;

/**
 * Opens a network of the server in this worker; the last one is kept.
 *
 * @param origin Where the functions are; empty: where the page is.
 * @throws {Error} If the server does not have it, or this browser cannot run it.
 */
export async function openLocalNetwork(origin: string, id: string): Promise<LocalNetwork> {
  if (opened?.id !== id) {
    await (await opened?.network.catch(() => undefined))?.dispose();
    opened = { id, network: open(origin, id) };
  }
  return await opened.network.catch((error) => {
    opened = undefined;
    throw error;
  });
}

/** What a network looks at, from an image's file. */
export async function readLocally(blob: Blob, input: ManifestInput): Promise<MethodInput> {
  const image = await decodeImage(new Uint8Array(await blob.arrayBuffer()));
  return { ...preprocess(image, input), notes: image.notes };
}

async function open(origin: string, id: string): Promise<LocalNetwork> {
  const { manifest, labels }: ModelDetails = await (await get(`${origin}/api/models/${id}`)).json();
  const file = await get(`${origin}/api/models/${id}/file`);
  const bytes = new Uint8Array(await file.arrayBuffer());
  const source = { manifest, bytes, labels };
  return new LocalNetwork(await openNetwork(source), source, await sha256(bytes));
}

async function get(path: string): Promise<Response> {
  const response = await fetch(path);
  if (response.ok) return response;
  const { detail } = await response.json().catch(() => ({ detail: `status ${response.status}` }));
  throw new Error(`Cannot fetch ${path}: ${detail}`);
}
