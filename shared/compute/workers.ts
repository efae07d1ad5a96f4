import { type Executor, type Lane, localLane } from "./executor.ts";
import type { CallOptions, KernelCall } from "./kernel.ts";
import { errorOf, type WorkerReply, type WorkerRequest } from "./protocol.ts";

export interface WorkersOptions<Ground> {
  /** Makes a worker whose script calls `serveKernels`. */
  readonly spawn: () => Worker;
  /** How many; each is made when there is something for it to do. */
  readonly count: number;
  /** What a worker makes its ground from. */
  readonly source: unknown;
  /** Calls that a worker has at once, so that it never waits for the next. @default 2 */
  readonly depth?: number;
  /** This thread's own ground, where this thread computes too. */
  readonly ground?: Ground;
}

/** Maps on several workers, and in this thread where it has a ground of its own. */
export class Workers<Ground> implements Executor<Ground> {
  readonly #options: WorkersOptions<Ground>;
  #workers: readonly PoolWorker[] | undefined;
  #shared = 0;

  constructor(options: WorkersOptions<Ground>) {
    this.#options = options;
  }

  lanes(call: KernelCall<Ground>): readonly Lane[] {
    const { count, ground } = this.#options;
    this.#workers ??= Array.from({ length: count }, () => new PoolWorker(this.#options));
    const shared = this.#shared++;
    return [
      ...ground === undefined ? [] : [localLane(ground, call)],
      ...this.#workers.map((worker) => worker.lane(call, shared)),
    ];
  }

  [Symbol.asyncDispose](): Promise<void> {
    for (const worker of this.#workers ?? []) worker.terminate();
    this.#workers = undefined;
    return Promise.resolve();
  }
}

type PoolOptions = Pick<WorkersOptions<unknown>, "spawn" | "source" | "depth">;

interface PoolCall extends PromiseWithResolvers<readonly unknown[]> {
  readonly report: CallOptions["report"];
}

/** One worker with the calls that are under way in it; it is made for the first. */
class PoolWorker {
  readonly #options: PoolOptions;
  #worker: Worker | undefined;
  readonly #calls = new Map<number, PoolCall>();
  #nextCall = 0;
  /** Numbers of the shared values that it has. */
  readonly #known = new Set<number>();
  #failure: Error | undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  #begin(): Worker {
    const worker = this.#options.spawn();
    worker.onmessage = ({ data: reply }: MessageEvent<WorkerReply>) => {
      const call = this.#calls.get(reply.call);
      if (reply.type === "report") return call?.report?.(reply.index, reply.result);
      this.#calls.delete(reply.call);
      if (reply.type === "done") call?.resolve(reply.results);
      else call?.reject(errorOf(reply.error));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#failure = new Error(`Cannot compute: a worker failed: ${event.message}`);
      for (const call of this.#calls.values()) call.reject(this.#failure);
      this.#calls.clear();
    };
    worker.postMessage({ type: "open", source: this.#options.source });
    return worker;
  }

  lane<Ground>({ kernel, shared: value }: KernelCall<Ground>, shared: number): Lane {
    return {
      depth: this.#options.depth ?? 2,
      isExpendable: false,
      run: (items, { signal, report }: CallOptions) => {
        if (this.#failure) throw this.#failure;
        const isNew = !this.#known.has(shared);
        this.#known.add(shared);
        const call = this.#nextCall++;
        const answer = Promise.withResolvers<readonly unknown[]>();
        this.#calls.set(call, { ...answer, report });
        this.#post({
          type: "run",
          call,
          kernel: kernel.id,
          shared,
          value: isNew ? { shared: value } : undefined,
          items,
        });
        const onAbort = () => {
          this.#post({ type: "abort", call });
          answer.reject(signal!.reason);
        };
        signal?.addEventListener("abort", onAbort, { once: true });
        return answer.promise.finally(() => signal?.removeEventListener("abort", onAbort));
      },
      close: () => {
        if (this.#known.delete(shared)) this.#post({ type: "forget", shared });
      },
    };
  }

  terminate(): void {
    this.#worker?.terminate();
  }

  #post(request: WorkerRequest): void {
    this.#worker ??= this.#begin();
    this.#worker.postMessage(request);
  }
}
