import type { RunEvent } from "../../shared/api/mod.ts";

/** Bytes that may wait for a slow reader; then it misses progress, but never the result. */
const MAX_WAITING = 4 * 2 ** 20;

const encoder = new TextEncoder();

/** The events of a job on their way to one reader, as lines. */
export class EventQueue {
  readonly #lines: Uint8Array<ArrayBuffer>[] = [];
  #bytes = 0;
  #isClosed = false;
  #news = Promise.withResolvers<void>();

  push(event: RunEvent): void {
    if (this.#isClosed || event.type === "progress" && this.#bytes > MAX_WAITING) return;
    const line = encoder.encode(`${JSON.stringify(event)}\n`);
    this.#lines.push(line);
    this.#bytes += line.length;
    this.#news.resolve();
  }

  /** Nothing comes after what is there. */
  close(): void {
    this.#isClosed = true;
    this.#news.resolve();
  }

  /** The lines as they come, until the queue is closed. */
  async *lines(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    for (;;) {
      const line = this.#lines.shift();
      if (line) {
        this.#bytes -= line.length;
        yield* pieces(line);
      } else if (this.#isClosed) {
        return;
      } else {
        await this.#news.promise;
        this.#news = Promise.withResolvers();
      }
    }
  }
}

/** Size of one write, in bytes. */
const PIECE = 2 ** 16;

/** Parts of `bytes` that a slow reader takes one by one. */
export function* pieces(bytes: Uint8Array<ArrayBuffer>): Generator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}
