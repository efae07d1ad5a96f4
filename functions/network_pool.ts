import type { RequestedBackend } from "../shared/runtime/mod.ts";
import type { Network } from "../shared/network/network.ts";
import type { Origins } from "../shared/network/open/describe_file.ts";
import { openAsked } from "../shared/network/open/open_options.ts";
import { encodeNpy } from "../shared/tensor/npy.ts";
import { sha256 } from "../shared/models/sha256.ts";
import type { Manifest } from "../shared/models/mod.ts";
import type { Catalogue, OpenRequest } from "./catalogue.ts";

/** A network in memory. */
export interface LoadedNetwork {
  readonly network: Network;
  readonly manifest: Manifest;
  /** Of the ONNX file that was loaded. */
  readonly sha256: string;
  /** By field of the preprocessing: who said it. */
  readonly origins: Origins;
  /** Whether it was opened as a client asked: other isolates know it as it is by default. */
  readonly isAsked: boolean;
}

interface Entry {
  readonly loaded: Promise<LoadedNetwork>;
  users: number;
}

export interface NetworkPoolOptions {
  readonly catalogue: Catalogue;
  readonly backend: RequestedBackend;
  /** Networks that stay in memory when nobody uses them. */
  readonly capacity: number;
}

/** Keeps the networks that were used last. One that is in use is never freed. */
export class NetworkPool {
  readonly #options: NetworkPoolOptions;
  /** In order of use, the last used at the end. */
  readonly #entries = new Map<string, Entry>();

  constructor(options: NetworkPoolOptions) {
    this.#options = options;
  }

  /**
   * Does `job` with the network `id`, which is loaded if it is not there.
   *
   * @param request How it is opened. @default as the catalogue says
   * @throws What the catalogue or `job` throws.
   */
  async use<T>(
    id: string,
    job: (loaded: LoadedNetwork) => Promise<T>,
    request?: OpenRequest,
  ): Promise<T> {
    // A file that was replaced is another network, and so is one that is opened otherwise.
    const version = this.#options.catalogue.version(id);
    const key = JSON.stringify([id, version, request && await digestOf(request)]);
    const entry = this.#entries.get(key) ?? { loaded: this.#load(id, key, request), users: 0 };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    entry.users++;
    try {
      return await job(await entry.loaded);
    } finally {
      entry.users--;
      await this.#tidy();
    }
  }

  async #load(id: string, key: string, request?: OpenRequest): Promise<LoadedNetwork> {
    try {
      const { catalogue, backend } = this.#options;
      const { sha256, isListed, ...described } = await catalogue.open(id, request);
      const opened = await openAsked(described, request?.options ?? {}, isListed, { backend });
      const { network, source: { manifest }, origins } = opened;
      return { network, manifest, sha256, origins, isAsked: request !== undefined };
    } catch (error) {
      this.#entries.delete(key);
      throw error;
    }
  }

  async #tidy(): Promise<void> {
    const excess = Math.max(0, this.#entries.size - this.#options.capacity);
    const idle = [...this.#entries].filter(([, { users }]) => users === 0).slice(0, excess);
    for (const [id] of idle) this.#entries.delete(id);
    await Promise.all(idle.map(async ([, { loaded }]) => (await loaded).network.dispose()));
  }
}

/** Tells requests apart by all that they say. */
async function digestOf({ options, labels, feeds = {} }: OpenRequest): Promise<string> {
  const fed = await Promise.all(
    Object.entries(feeds).map(async ([name, tensor]) => [name, await sha256(encodeNpy(tensor))]),
  );
  return JSON.stringify([options, labels, fed]);
}
