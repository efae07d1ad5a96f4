/** What a kernel may be told of a call. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /**
   * Gives a result of an item before its last one, such as how far it is. Not all places pass it on.
   *
   * @param index Of the item among those of the call.
   */
  readonly report?: (index: number, result: unknown) => void;
}

/** The same for a single item. */
export interface ItemOptions<Result> {
  readonly signal?: AbortSignal;
  readonly report: (result: Result) => void;
}

/** Applies a kernel to items; one result for each, in their order. */
export type Apply<Item, Result> = (
  items: readonly Item[],
  options?: CallOptions,
) => Promise<readonly Result[]>;

/**
 * A step of a method that many workers can take at once: a named function of what all items share
 * and of one item. The results must not depend on how the items are put together.
 *
 * Shared values, items and results are plain data: what structured cloning keeps.
 *
 * @typeParam Ground What it stands on wherever it runs; of methods, the open network.
 */
export interface Kernel<Shared, Item, Result, Ground> {
  /** Names it among all kernels: "occlusion/tile". */
  readonly id: string;
  /** Whether an item may take longer than a request should: then no other machine gets it. */
  readonly isLong?: boolean;
  /**
   * Whether a value can be a result: of the right shape, of numbers in their range. What another
   * machine answers is asked, so that one that lies or errs adds nothing.
   */
  isResult(value: unknown, shared: Shared, item: Item): boolean;
  /** Does what has to be done once for all items. */
  open(ground: Ground, shared: Shared, options: CallOptions): Promise<Apply<Item, Result>>;
}

/** A kernel of any types, as a table holds it. */
// deno-lint-ignore no-explicit-any -- parameters of functions do not widen to unknown
export type AnyKernel<Ground> = Kernel<any, any, any, Ground>;

/** A kernel with what its items share. */
export interface KernelCall<Ground, Shared = unknown> {
  readonly kernel: AnyKernel<Ground>;
  readonly shared: Shared;
}

/** An {@linkcode Apply} that takes one item after the other. */
export function oneByOne<Item, Result>(
  apply: (item: Item, options: ItemOptions<Result>) => Promise<Result>,
): Apply<Item, Result> {
  return async (items, options = {}) => {
    const { signal, report } = options;
    const results: Result[] = [];
    for (const [i, item] of items.entries()) {
      signal?.throwIfAborted();
      results.push(await apply(item, { signal, report: (result) => report?.(i, result) }));
    }
    return results;
  };
}

/** Whether a value is an array of `length` finite numbers. */
export function areNumbers(value: unknown, length: number): value is Float32Array {
  return value instanceof Float32Array && value.length === length && value.every(Number.isFinite);
}
