/** Longest the queue keeps the event loop waiting before it lets timers and sockets have a turn. */
const TURN_MS = 10;

/**
 * Does one job after the other, first come, first served.
 *
 * Two `run()` calls in flight on WebGPU hang the process for good, and on WASM `run()` blocks the
 * thread: between jobs the event loop gets a turn, so that an abort can arrive.
 */
export class RunQueue {
  #tail: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #lastTurn = 0;

  /** Jobs that have not ended yet, the running one included. */
  get size(): number {
    return this.#waiting;
  }

  /**
   * Does `job` when all earlier ones have ended, and settles as it does.
   *
   * A job that has begun is not interrupted.
   *
   * @throws The signal's reason, as soon as it is aborted, if the job has not begun.
   */
  enqueue<T>(job: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    this.#waiting++;
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const onAbort = () => reject(signal?.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
    this.#tail = this.#tail.then(async () => {
      try {
        await this.#turn();
        signal?.removeEventListener("abort", onAbort);
        if (!signal?.aborted) resolve(await job());
      } catch (error) {
        reject(error);
      } finally {
        this.#waiting--;
      }
    });
    return promise;
  }

  async #turn(): Promise<void> {
    if (performance.now() - this.#lastTurn < TURN_MS) return;
    await new Promise((resolve) => setTimeout(resolve));
    this.#lastTurn = performance.now();
  }
}

/** The queue of this process: every session's work goes through it. */
export const runQueue: RunQueue = new RunQueue();
