import type { MethodInput } from "../../shared/contract/method.ts";
import { sha256 } from "../../shared/models/sha256.ts";
import type { ImageRequest } from "./image_preparer.ts";

/** Whoever tries methods on an image asks for the same one again and again. */
const MOST = 2;
/**
 * Larger images are prepared anew: two in each isolate would take too much memory. A source counts
 * three times, with its grey copy and both as they are encoded for figures.
 */
const MOST_BYTES = 8 * 2 ** 20;

/** The images that were prepared last, by their files and by how they are prepared. */
export class KeptImages {
  /** In order of use, the last used at the end. */
  readonly #kept = new Map<string, MethodInput>();

  /** What an image is found by. */
  async keyOf({ bytes, ...how }: ImageRequest): Promise<string> {
    return `${await sha256(bytes)} ${JSON.stringify(how)}`;
  }

  get(key: string): MethodInput | undefined {
    const found = this.#kept.get(key);
    if (!found) return undefined;
    this.#put(key, found);
    // Whoever computes with the tensor may hand its memory on; the images are only looked at.
    return { ...found, tensor: { ...found.tensor, data: found.tensor.data.slice() } };
  }

  /** Keeps an image, unless it is large. */
  keep(key: string, input: MethodInput): void {
    const { tensor, image, placement } = input;
    const source = placement?.source.data.byteLength ?? 0;
    if (tensor.data.byteLength + image.data.byteLength + 3 * source > MOST_BYTES) return;
    this.#put(key, { ...input, tensor: { ...tensor, data: tensor.data.slice() } });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST) this.#kept.delete(oldest);
  }

  clear(): void {
    this.#kept.clear();
  }

  #put(key: string, input: MethodInput): void {
    this.#kept.delete(key);
    this.#kept.set(key, input);
  }
}
