import { heldBytes } from "../../incremental/mod.ts";
import type { Tensor } from "../../tensor/tensor.ts";

type Values = Readonly<Record<string, Tensor<"float32">>>;

/**
 * Keeps the unoccluded feature maps of the images that were looked at last, for the tiles that
 * follow: as many as fit, and the last one at least.
 */
export class UnchangedCache {
  readonly #limit: number;
  /** In order of use, the last used at the end. */
  readonly #entries = new Map<string, Values>();

  /** @param limit In bytes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The entry `key`, which `make` makes if it is not there. */
  async get(key: string, make: () => Promise<Values>): Promise<Values> {
    const found = this.#entries.get(key) ?? await make();
    this.#entries.delete(key);
    this.#entries.set(key, found);
    for (const old of this.#entries.keys()) {
      if (this.bytes <= this.#limit || this.#entries.size === 1) break;
      this.#entries.delete(old);
    }
    return found;
  }

  get bytes(): number {
    return [...this.#entries.values()].flatMap((values) => Object.values(values))
      .reduce((sum, map) => sum + heldBytes(map), 0);
  }
}
