import type { Apply, CallOptions, KernelCall } from "./kernel.ts";
import type { Mapped } from "./schedule.ts";

/** One place that applies a kernel: this thread, a worker, an isolate of another machine. */
export interface Lane {
  /** Applies the kernel to some items; one result for each. */
  run(items: readonly unknown[], options: CallOptions): Promise<readonly unknown[]>;
  /** Calls worth having under way at once, so that the lane never waits for the next. */
  readonly depth: number;
  /**
   * Whether it may fail or be slow without anybody's fault, so that another lane takes over what it
   * was given. Errors of other lanes end the map.
   */
  readonly isExpendable: boolean;
  /** Told of every call of an expendable lane that failed. */
  onFailure?(error: unknown): void;
  /** Frees what it keeps for the map; called once, when that has ended. */
  close?(): void;
}

/** Knows the places where kernels can run. */
export interface Executor<Ground> extends AsyncDisposable {
  /** The places for one map; the first never is expendable. */
  lanes(call: KernelCall<Ground>): readonly Lane[];
}

/** An expendable lane that is well, but has enough to do: its items may go to another at once. */
export class LaneBusyError extends Error {
  override readonly name = "LaneBusyError";
}

/** Applies kernels in this thread. */
export class InProcess<Ground> implements Executor<Ground> {
  /** @param ground What the kernels stand on; stays the caller's. */
  constructor(readonly ground: Ground) {}

  lanes(call: KernelCall<Ground>): readonly Lane[] {
    return [localLane(this.ground, call)];
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

/** This thread as a lane; the kernel is opened with the first items. */
export function localLane<Ground>(ground: Ground, { kernel, shared }: KernelCall<Ground>): Lane {
  let opened: Promise<Apply<unknown, unknown>> | undefined;
  return {
    depth: 1,
    isExpendable: false,
    async run(items, options: CallOptions) {
      opened ??= kernel.open(ground, shared, options);
      return await (await opened)(items, options);
    },
  };
}

/**
 * Takes all steps of a computation.
 *
 * @param onStep Told of each; what it throws ends the computation.
 * @returns What comes of it.
 */
export async function finish<Step, Result>(
  steps: Generator<Step, Result, void> | AsyncGenerator<Step, Result, void>,
  onStep?: (step: Step) => void,
): Promise<Result> {
  try {
    for (;;) {
      const { value, done } = await steps.next();
      if (done) return value;
      onStep?.(value);
    }
  } finally {
    await steps.return(undefined as never);
  }
}

/**
 * Results in the order of their items, whatever order they come in: for sums, which depend on the
 * order of what is added.
 *
 * @param results Whose items are 0, 1, 2, ... or hold that number.
 */
export async function* inOrder<Item, Result>(
  results: AsyncIterable<Mapped<Item, Result>>,
  indexOf: (item: Item) => number,
): AsyncGenerator<Mapped<Item, Result>, void> {
  const early = new Map<number, Mapped<Item, Result>>();
  let next = 0;
  for await (const mapped of results) {
    early.set(indexOf(mapped.item), mapped);
    for (let found = early.get(next); found; found = early.get(next)) {
      early.delete(next++);
      yield found;
    }
  }
}
