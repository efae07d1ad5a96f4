import type { Executor, Lane } from "./executor.ts";
import type { Apply, CallOptions, KernelCall } from "./kernel.ts";

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
