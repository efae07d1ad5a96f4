import { openModel } from "../../models/mod.ts";
import type { Backend } from "../../shared/runtime/mod.ts";
import type { ModelRef } from "../../shared/gallery/recipe.ts";
import type { Network } from "../../shared/network/network.ts";
import { openNetwork } from "../../shared/network/open_network.ts";

/** Networks kept open: the one that is looked into and its judge. */
const MOST = 2;

/** The networks of one worker. */
export class OpenNetworks implements AsyncDisposable {
  readonly #open = new Map<string, Network>();

  constructor(readonly backend: Backend = "wasm") {}

  /**
   * @param file Path of its file, where the catalogue does not know the network.
   * @throws {Error} If the file on this machine is another than the one that is meant.
   */
  async open({ id, sha256 }: ModelRef, file?: string): Promise<Network> {
    const known = this.#open.get(sha256);
    if (known) {
      // The last used stays longest.
      this.#open.delete(sha256);
      this.#open.set(sha256, known);
      return known;
    }
    const source = await openModel(file ?? id);
    if (source.sha256 !== sha256) {
      throw new Error(
        `Cannot make a figure of ${id}: the file here has SHA-256 ${source.sha256}, the recipe ` +
          `wants ${sha256}`,
      );
    }
    const network = await openNetwork(source, { backend: this.backend });
    this.#open.set(sha256, network);
    if (this.#open.size > MOST) await this.#closeOldest();
    return network;
  }

  async #closeOldest(): Promise<void> {
    const [[key, network]] = this.#open;
    this.#open.delete(key);
    await network.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const network of this.#open.values()) await network.dispose();
    this.#open.clear();
  }
}
