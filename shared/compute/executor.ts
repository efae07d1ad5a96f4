import type { CallOptions, KernelCall } from "./kernel.ts";

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
