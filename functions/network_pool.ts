import type { RequestedBackend } from "../shared/runtime/mod.ts";
import { type Network, openNetwork } from "../shared/network/network.ts";
import type { Manifest } from "../shared/models/mod.ts";
import type { Catalogue } from "./catalogue.ts";

/** A network in memory. */
export interface LoadedNetwork {
  readonly network: Network;
  readonly manifest: Manifest;
  /** Of the ONNX file that was loaded. */
  readonly sha256: string;
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
   * @throws What the catalogue or `job` throws.
   */
  async use<T>(id: string, job: (loaded: LoadedNetwork) => Promise<T>): Promise<T> {
    // A file that was replaced is another network.
    const key = JSON.stringify([id, this.#options.catalogue.version(id)]);
    const entry = this.#entries.get(key) ?? { loaded: this.#load(id, key), users: 0 };
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

  async #load(id: string, key: string): Promise<LoadedNetwork> {
    try {
      const { catalogue, backend } = this.#options;
      const { manifest, bytes, labels, sha256 } = await catalogue.open(id);
      const network = await openNetwork({ manifest, bytes, labels }, { backend });
      return { network, manifest, sha256 };
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
