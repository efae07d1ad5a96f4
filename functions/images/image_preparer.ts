import { ImageError, type ImageFault } from "../../shared/image/image_error.ts";
import type { ManifestInput } from "../../shared/models/manifest.ts";
import type { MethodInput } from "../../shared/contract/method.ts";
import { sha256 } from "../../shared/models/sha256.ts";
import { unlessAborted } from "../../shared/unless_aborted.ts";

export interface ImageRequest {
  /** The image's file. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly maxPixels: number;
  readonly input: ManifestInput;
  /** Longer side of the image that figures are drawn on, in pixels. */
  readonly sourceSide: number;
}

/** What comes of a request. */
export type ImageAnswer =
  | { readonly prepared: MethodInput }
  | { readonly message: string; readonly fault?: ImageFault };

/** What the worker says: at once that it has the request, and then the answer. */
export type WorkerMessage = ImageAnswer | { readonly hasBegun: true };

/**
 * Milliseconds after which the images are forgotten, and a worker with nothing to do ends: it keeps
 * the memory of its largest.
 */
const IDLE_MS = 60_000;

/**
 * Milliseconds within which a worker says that it has begun. In Deno 2.9.6 one in some hundreds never
 * does; then another is asked.
 */
const SILENT_MS = 10_000;

/** Workers that are asked; the last one has as long as the job. */
const MOST_WORKERS = 3;

/** Turns uploads into what a network takes, one after the other, in a worker of its own. */
export class ImagePreparer {
  readonly #kept = new KeptImages();
  #tail: Promise<unknown> = Promise.resolve();
  #worker: Worker | undefined;
  #idle: ReturnType<typeof setTimeout> | undefined;
  readonly #silentMs: number;

  constructor({ silentMs = SILENT_MS }: { readonly silentMs?: number } = {}) {
    this.#silentMs = silentMs;
  }

  /** Starts the worker, so that the first image does not wait for it. */
  warm(): void {
    this.#begin();
    this.#rest();
  }

  /**
   * Decodes an image and preprocesses it.
   *
   * @throws {ImageError} If it cannot be used.
   * @throws The signal's reason; the worker is ended.
   */
  prepare(request: ImageRequest, signal: AbortSignal): Promise<MethodInput> {
    const turn = this.#tail.then(() => this.#known(request, signal));
    this.#tail = turn.catch(() => {});
    return unlessAborted(turn, signal);
  }

  async #known(request: ImageRequest, signal: AbortSignal): Promise<MethodInput> {
    const key = await this.#kept.keyOf(request);
    const known = this.#kept.get(key);
    if (known) {
      this.#rest();
      return known;
    }
    const prepared = await this.#ask(request, signal);
    this.#kept.keep(key, prepared);
    return prepared;
  }

  async #ask(request: ImageRequest, signal: AbortSignal): Promise<MethodInput> {
    signal.throwIfAborted();
    clearTimeout(this.#idle);
    const { promise, resolve, reject } = Promise.withResolvers<ImageAnswer>();
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    let silence: ReturnType<typeof setTimeout> | undefined;
    const give = (workers: number) => {
      const worker = this.#begin();
      worker.onmessage = ({ data }: MessageEvent<WorkerMessage>) => {
        clearTimeout(silence);
        if (!("hasBegun" in data)) resolve(data);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(`Cannot decode the image: its worker failed (${event.message})`));
      };
      worker.postMessage(request);
      if (workers === 1) return;
      silence = setTimeout(() => {
        this.#end();
        give(workers - 1);
      }, this.#silentMs);
    };
    try {
      give(MOST_WORKERS);
      const answer = await promise;
      if ("prepared" in answer) return answer.prepared;
      const { fault, message } = answer;
      throw fault ? new ImageError(fault, message) : new Error(message);
    } catch (error) {
      if (!(error instanceof ImageError)) this.#end();
      throw error;
    } finally {
      clearTimeout(silence);
      signal.removeEventListener("abort", stop);
      this.#rest();
    }
  }

  #begin(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(new URL("./image_worker.ts", import.meta.url), { type: "module" });
    // Of one that nobody waits for yet; the next image gets another.
    worker.onerror = (event) => {
      event.preventDefault();
      this.#end();
    };
    return this.#worker = worker;
  }

  #rest(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      this.#end();
      this.#kept.clear();
    }, IDLE_MS);
    Deno.unrefTimer(this.#idle);
  }

  #end(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }
}

/** Whoever tries methods on an image asks for the same one again and again. */
const MOST_KEPT = 2;

/**
 * Larger images are prepared anew: two in each isolate would take too much memory. A source counts
 * three times, with its grey copy and both as they are encoded for figures.
 */
const MOST_KEPT_BYTES = 8 * 2 ** 20;

/** The images that were prepared last, by their files and by how they are prepared. */
class KeptImages {
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
    if (tensor.data.byteLength + image.data.byteLength + 3 * source > MOST_KEPT_BYTES) return;
    this.#put(key, { ...input, tensor: { ...tensor, data: tensor.data.slice() } });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT) this.#kept.delete(oldest);
  }

  clear(): void {
    this.#kept.clear();
  }

  #put(key: string, input: MethodInput): void {
    this.#kept.delete(key);
    this.#kept.set(key, input);
  }
}
