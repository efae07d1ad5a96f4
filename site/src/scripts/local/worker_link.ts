import type { LocalEvent, LocalRequest } from "./messages.ts";

/**
 * Time that a job which is not wanted any more has to end by itself, in milliseconds. Then its
 * worker is ended, and the network in it has to be loaded again.
 */
const GRACE_MS = 1500;

/** Events after which a worker is free. */
const LAST: ReadonlySet<LocalEvent["type"]> = new Set(["result", "opened", "error"]);

/** The page's side of the local worker, which has one job after the other. */
export class WorkerLink {
  readonly #spawn: () => Worker;
  #worker: Worker | undefined;
  /** Ends when the worker is free for the next job. */
  #free: Promise<void> = Promise.resolve();

  constructor(spawn: () => Worker) {
    this.#spawn = spawn;
  }

  /** There will be a job soon: the worker is started, and loads what every job needs. */
  warm(): void {
    if (this.#worker) return;
    this.#worker = this.#spawn();
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#end();
    };
    this.#worker.postMessage({ type: "warm" } satisfies LocalRequest);
  }

  /**
   * Gives the worker a job when it has ended those before, and yields what it says of it. Leaving
   * the generator ends the job, and all work for it.
   *
   * @throws The signal's reason, as soon as it is aborted.
   */
  async *ask(
    request: Exclude<LocalRequest, { type: "abort" | "warm" }>,
    signal: AbortSignal,
  ): AsyncGenerator<LocalEvent, void> {
    signal.throwIfAborted();
    const aborted = Promise.withResolvers<never>();
    aborted.promise.catch(() => {});
    const onAbort = () => aborted.reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    const before = this.#free;
    const ended = Promise.withResolvers<void>();
    this.#free = Promise.all([before, ended.promise]).then(() => {});
    let isAsked = false;
    let isOver = false;
    try {
      await Promise.race([before, aborted.promise]);
      const worker = this.#worker ??= this.#spawn();
      const waiting: LocalEvent[] = [];
      let change = Promise.withResolvers<void>();
      const push = (event: LocalEvent) => {
        isOver ||= LAST.has(event.type);
        if (isOver) ended.resolve();
        waiting.push(event);
        change.resolve();
      };
      worker.onmessage = ({ data }: MessageEvent<LocalEvent>) => push(data);
      worker.onerror = (event) => {
        event.preventDefault();
        this.#end();
        const title = "This browser could not do it";
        push({ type: "error", problem: { title, detail: event.message ?? "its worker failed" } });
      };
      worker.postMessage(request);
      isAsked = true;
      for (;;) {
        const event = waiting.shift();
        if (event) yield event;
        else if (isOver) return;
        else {
          await Promise.race([change.promise, aborted.promise]);
          change = Promise.withResolvers();
        }
        signal.throwIfAborted();
      }
    } finally {
      signal.removeEventListener("abort", onAbort);
      if (!isAsked) ended.resolve();
      else if (!isOver) this.#stop(ended);
    }
  }

  /** Has the worker give up its job, in good time or with it. */
  #stop(ended: PromiseWithResolvers<void>): void {
    this.#worker?.postMessage({ type: "abort" } satisfies LocalRequest);
    const timer = setTimeout(() => {
      this.#end();
      ended.resolve();
    }, GRACE_MS);
    ended.promise.finally(() => clearTimeout(timer));
  }

  /** Workers of the worker end with it. */
  #end(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }
}
