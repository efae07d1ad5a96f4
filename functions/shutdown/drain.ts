import type { MiddlewareHandler } from "hono";

/** What an isolate has under way, from the requested to stop until nothing is left. */
export class Drain {
  readonly #stopping = new AbortController();
  readonly #expired = new AbortController();
  readonly #idle = Promise.withResolvers<void>();
  #running = 0;

  /** Aborted once the server is to stop. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Aborted once what runs has had its time. */
  get expired(): AbortSignal {
    return this.#expired.signal;
  }

  /** Requests whose answers are not sent yet. */
  get running(): number {
    return this.#running;
  }

  /** Settles when, after {@linkcode begin}, nothing runs any more. */
  get idle(): Promise<void> {
    return this.#idle.promise;
  }

  /** Counts a request. @returns Call it once, when its answer is sent or its client is gone. */
  enter(): () => void {
    this.#running++;
    return () => {
      this.#running--;
      this.#settle();
    };
  }

  /** The server is to stop. */
  begin(): void {
    this.#stopping.abort();
    this.#settle();
  }

  /** Breaks off what still runs. */
  expire(): void {
    this.#expired.abort();
  }

  #settle(): void {
    if (this.stopping.aborted && this.#running === 0) this.#idle.resolve();
  }
}

/** Tells how many requests are under way: from their beginning until their answers are sent. */
export function countRequests(drain: Drain): MiddlewareHandler {
  return async (c, next) => {
    const leave = drain.enter();
    const { completed } = (c.env ?? {}) as Partial<Deno.ServeHandlerInfo>;
    completed?.then(leave, leave);
    try {
      await next();
    } finally {
      // Without a server nothing tells when an answer is sent.
      if (!completed) leave();
    }
  };
}
