import type { Apply } from "../../shared/compute/mod.ts";
import type { Network } from "../../shared/network/network.ts";

type Opened = Promise<Apply<unknown, unknown>>;

/** Shared values that are kept for each network, for the items that follow. */
const MOST = 4;

/** The kernels that were opened last, by what their items share. */
export class OpenedKernels {
  readonly #networks = new WeakMap<Network, Map<string, Opened>>();

  /**
   * @param key Names the kernel and what its items share.
   * @param open Opens it; absent where only one that is open will do.
   */
  get(network: Network, key: string, open?: () => Opened): Opened | undefined {
    const opened = this.#networks.get(network) ?? new Map<string, Opened>();
    this.#networks.set(network, opened);
    const found = opened.get(key) ?? open?.();
    if (!found) return undefined;
    opened.delete(key);
    opened.set(key, found);
    found.catch(() => opened.delete(key));
    const [oldest] = opened.keys();
    if (opened.size > MOST) opened.delete(oldest);
    return found;
  }
}
