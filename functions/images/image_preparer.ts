import { ImageError, type ImageFault } from "../../shared/image/image_error.ts";
import type { ManifestInput } from "../../shared/models/manifest.ts";
import type { MethodInput } from "../../shared/contract/method.ts";
import { unlessAborted } from "../../shared/unless_aborted.ts";
import { KeptImages } from "./kept_images.ts";

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
 * Milliseconds within which a worker says that it has begun. In Deno 2.9.6 one was seen that never
 * did; then another is asked.
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
      // The bytes are copied, since another worker may be asked after this one.
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
