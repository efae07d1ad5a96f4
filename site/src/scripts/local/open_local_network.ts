import { z } from "zod";
import type { ModelDetails } from "../../../../shared/api/mod.ts";
import type { Executor } from "../../../../shared/compute/mod.ts";
import type { MethodInput } from "../../../../shared/contract/method.ts";
import { decodeImage } from "../../../../shared/image/decode_image.ts";
import { networkWorkers } from "../../../../shared/methods/network_workers.ts";
import { type FitOptions, fitted } from "../../../../shared/models/fit.ts";
import { preprocessPlaced } from "../../../../shared/models/preprocess.ts";
import { sha256 } from "../../../../shared/models/sha256.ts";
import type { Network, NetworkSource } from "../../../../shared/network/network.ts";
import { openNetwork } from "../../../../shared/network/open_network.ts";
import type { StoredNetwork } from "./opened_file.ts";
import { type OnBytes, readBytes } from "./read_bytes.ts";

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

/** Where a network is: at the functions, or in a file of this browser's. */
export interface NetworkPlace {
  /** Where the functions are; empty: where the page is. */
  readonly origin: string;
  readonly model: string;
  /** Its file and description, of a network `file:...`. */
  readonly stored?: StoredNetwork;
}

/** The network that was used last. */
let opened: { readonly key: string; readonly network: Promise<LocalNetwork> } | undefined;

/**
 * Opens a network in this worker; the last one is kept.
 *
 * @param onBytes Told while its file comes from the functions.
 * @throws {Error} If the server does not have it, or this browser cannot run it.
 */
export function openLocalNetwork(
  { origin, model, stored }: NetworkPlace,
  onBytes?: OnBytes,
): Promise<LocalNetwork> {
  if (!stored) return keep(model, () => fetchNetwork(origin, model, onBytes));
  const { file, sha256, manifest, labels } = stored;
  return keep(keyOf(model, stored), async () => {
    const source = { manifest, bytes: new Uint8Array(await file.arrayBuffer()), labels };
    return new LocalNetwork(await openNetwork(source), source, sha256);
  });
}

/** Opens a network whose file is read, in the place of the last one. */
export function openLocal(
  { id, source, sha256 }: {
    readonly id: string;
    readonly source: NetworkSource;
    readonly sha256: string;
  },
): Promise<LocalNetwork> {
  return keep(
    keyOf(id, source),
    async () => new LocalNetwork(await openNetwork(source), source, sha256),
  );
}

/** The same file with another description is another network. */
function keyOf(id: string, { manifest, labels }: Pick<NetworkSource, "manifest" | "labels">) {
  return JSON.stringify([id, manifest.input, manifest.outputs, labels]);
}

async function keep(key: string, open: () => Promise<LocalNetwork>): Promise<LocalNetwork> {
  if (opened?.key !== key) {
    const last = opened;
    opened = undefined;
    await (await last?.network.catch(() => undefined))?.dispose();
    opened = { key, network: open() };
  }
  return await opened.network.catch((error) => {
    opened = undefined;
    throw error;
  });
}

/** What a network looks at, from an image's file. */
export async function readLocally(
  blob: Blob,
  { manifest }: Network,
  fitting: FitOptions,
): Promise<MethodInput> {
  const image = await decodeImage(new Uint8Array(await blob.arrayBuffer()));
  const input = fitted(manifest.input, fitting);
  const placed = preprocessPlaced(image, input, fitting["source-side"]);
  return { ...placed, notes: image.notes };
}

async function fetchNetwork(
  origin: string,
  id: string,
  onBytes?: OnBytes,
): Promise<LocalNetwork> {
  const both = new AbortController();
  const get = (path: string) => fetchOk(`${origin}/api/models/${id}${path}`, both.signal);
  const [details, bytes] = await Promise.all([
    get("?describe=false"),
    get("/file").then((file) => readBytes(file, onBytes)),
  ]).catch((error) => {
    // What is still on its way is not for the job that comes next.
    both.abort();
    throw error;
  });
  const { manifest, labels }: ModelDetails = await details.json();
  const source = { manifest, bytes, labels };
  return new LocalNetwork(await openNetwork(source), source, await sha256(bytes));
}

async function fetchOk(path: string, signal: AbortSignal): Promise<Response> {
  const response = await fetch(path, { signal });
  if (response.ok) return response;
  const { detail } = await response.json().catch(() => ({ detail: `status ${response.status}` }));
  throw new Error(`Cannot fetch ${path}: ${detail}`);
}
