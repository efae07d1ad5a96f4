import { type Lane, LaneBusyError } from "./executor.ts";

/** An item with what a kernel made of it. */
export interface Mapped<Item, Result> {
  readonly item: Item;
  readonly result: Result;
}

export interface ScheduleOptions {
  /** Items that a lane gets at once, at most. @default 8 */
  readonly batch?: number;
  readonly signal?: AbortSignal;
  /** First pause of a lane after a failure, in ms; doubled each time in a row. @default 100 */
  readonly backoffMs?: number;
  /** Items are given out a second time once they take this long, and twice the usual. @default 250 */
  readonly hedgeMs?: number;
}

/** How long a lane shall compute before it hears of the next items, in ms. */
const CALL_MS = 150;

/** Failures in a row after which a lane is given up; a busy one counts as failed after some. */
const GIVE_UP = 5;
const BUSY_GIVE_UP = 12;
const LONGEST_PAUSE_MS = 2_000;
const BUSY_PAUSE_MS = 10;

/** Results that wait for the consumer, for each lane, before the lanes wait for it. */
const WAITING = 32;

/** Items on their way to a lane, or given back by one. */
interface Task {
  readonly items: readonly unknown[];
  /** The calls under way for it, with what ends them. */
  readonly calls: Map<AbortController, Lane>;
  /** When the first of them began. */
  since: number;
  isDone: boolean;
}

/**
 * Spreads items over lanes and yields what comes back, in the order it comes.
 *
 * Every lane takes from one source, so that a fast one takes more. What an expendable lane fails to
 * do is done by another; what takes it too long is given to a second, and the first answer counts.
 * So a machine that dies costs time, never a result. Nothing more is taken while the consumer is
 * behind, and everything is aborted when it leaves.
 *
 * A kernel may report results of an item before its last; they are yielded like it.
 *
 * @param items Asked for one when a lane is free for it, so that results may decide what comes next.
 * @throws The signal's reason; what a lane that is not expendable throws.
 */
export async function* schedule<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  lanes: readonly Lane[],
  options: ScheduleOptions = {},
): AsyncGenerator<Mapped<Item, Result>, void> {
  options.signal?.throwIfAborted();
  const run = new Schedule(items, lanes, options);
  try {
    for await (const mapped of run.results()) yield mapped as Mapped<Item, Result>;
  } finally {
    await run.end();
  }
}

class Schedule {
  readonly #lanes: readonly Lane[];
  readonly #options: ScheduleOptions;
  readonly #source: Iterator<unknown> | AsyncIterator<unknown>;
  #reading: Promise<unknown> = Promise.resolve();
  #isRead = false;
  /** Given back by a lane. */
  readonly #returned: Task[] = [];
  /** Begun and not done. */
  readonly #open = new Set<Task>();
  readonly #ready: Mapped<unknown, unknown>[] = [];
  readonly #durations: number[] = [];
  readonly #end = new AbortController();
  #failure: { readonly error: unknown } | undefined;
  #change = Promise.withResolvers<void>();

  constructor(
    items: Iterable<unknown> | AsyncIterable<unknown>,
    lanes: readonly Lane[],
    options: ScheduleOptions,
  ) {
    this.#lanes = lanes;
    this.#options = options;
    this.#source = Symbol.asyncIterator in items
      ? items[Symbol.asyncIterator]()
      : items[Symbol.iterator]();
  }

  async *results(): AsyncGenerator<Mapped<unknown, unknown>, void> {
    const { signal } = this.#options;
    const onAbort = () => this.#fail(signal?.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      for (const lane of this.#lanes) {
        for (let i = 0; i < lane.depth; i++) {
          this.#serve(lane).catch((error) => this.#fail(error));
        }
      }
      for (;;) {
        if (this.#failure) throw this.#failure.error;
        const ready = this.#ready.splice(0);
        if (ready.length > 0) {
          this.#notify();
          yield* ready;
        } else if (this.#isRead && this.#open.size === 0) return;
        else await this.#change.promise;
      }
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  }

  async end(): Promise<void> {
    this.#end.abort(new DOMException("The map has ended", "AbortError"));
    this.#notify();
    for (const lane of this.#lanes) lane.close?.();
    await this.#source.return?.();
  }

  /** Gives a lane one task after the other, until it is given up or nothing is left. */
  async #serve(lane: Lane): Promise<void> {
    const pace = { failures: 0, busy: 0, perItem: Infinity };
    while (this.#goesOn() && pace.failures < GIVE_UP) {
      if (this.#ready.length > WAITING * this.#lanes.length) {
        await this.#change.promise;
        continue;
      }
      const task = this.#returned.shift() ??
        await this.#take(sizeOf(pace.perItem, this.#options)) ??
        this.#straggler();
      if (!task) {
        if (this.#goesOn()) await this.#changed();
        continue;
      }
      try {
        const began = performance.now();
        await this.#call(lane, task);
        pace.perItem = (performance.now() - began) / task.items.length;
        [pace.failures, pace.busy] = [0, 0];
      } catch (error) {
        if (!this.#goesOn() || task.isDone) continue;
        if (!lane.isExpendable) throw error;
        this.#giveBack(task);
        await this.#pause(lane, error, pace);
      }
    }
  }

  /** Rests after a failure; a lane that is always busy is given up in the end. */
  async #pause(lane: Lane, error: unknown, pace: { failures: number; busy: number }) {
    const { backoffMs = 100 } = this.#options;
    let ms: number;
    if (error instanceof LaneBusyError) {
      ms = BUSY_PAUSE_MS * 2 ** pace.busy++;
      if (pace.busy >= BUSY_GIVE_UP) pace.failures = GIVE_UP;
    } else {
      ms = backoffMs * 2 ** pace.failures++;
      lane.onFailure?.(error);
    }
    if (pace.failures < GIVE_UP) await sleep(Math.min(ms, LONGEST_PAUSE_MS), this.#end.signal);
  }

  /** Items that were not begun yet; undefined if there are none left. */
  #take(count: number): Promise<Task | undefined> {
    const read = this.#reading.then(async () => {
      const items: unknown[] = [];
      while (!this.#isRead && this.#goesOn() && items.length < count) {
        const { value, done } = await this.#source.next();
        if (done) {
          this.#isRead = true;
          // With all else on its way or done, others wait for this.
          this.#notify();
        } else items.push(value);
      }
      if (items.length === 0) return undefined;
      const task: Task = { items, calls: new Map(), since: 0, isDone: false };
      this.#open.add(task);
      return task;
    });
    this.#reading = read.catch(() => {});
    return read;
  }

  /** One call for a task; the first to end counts, and ends the others. */
  async #call(lane: Lane, task: Task): Promise<void> {
    const own = new AbortController();
    const began = performance.now();
    if (task.calls.size === 0) task.since = began;
    task.calls.set(own, lane);
    try {
      const signal = AbortSignal.any([own.signal, this.#end.signal]);
      const report = (index: number, result: unknown) => {
        if (task.isDone || !this.#goesOn()) return;
        this.#ready.push({ item: task.items[index], result });
        this.#notify();
      };
      const results = await lane.run(task.items, { signal, report });
      if (task.isDone || !this.#goesOn()) return;
      task.isDone = true;
      this.#open.delete(task);
      this.#durations.push((performance.now() - began) / task.items.length);
      task.items.forEach((item, i) => this.#ready.push({ item, result: results[i] }));
    } finally {
      task.calls.delete(own);
      if (task.isDone) { for (const other of task.calls.keys()) other.abort(); }
      this.#notify();
    }
  }

  #giveBack(task: Task): void {
    // Its twin is still under way, or it waits already.
    if (task.calls.size > 0 || this.#returned.includes(task)) return;
    this.#returned.push(task);
    this.#notify();
  }

  /** The task that is late for longest. */
  #straggler(): Task | undefined {
    const now = performance.now();
    return this.#doubtful().filter((task) => this.#lateAt(task) <= now)
      .toSorted((a, b) => a.since - b.since)[0];
  }

  /** Tasks that nobody has but one expendable lane. */
  #doubtful(): Task[] {
    return [...this.#open].filter(({ calls }) =>
      calls.size === 1 && [...calls.values()][0].isExpendable
    );
  }

  /** When a task is late; never while there is nothing to compare with. */
  #lateAt({ since, items }: Task): number {
    const sorted = this.#durations.toSorted((a, b) => a - b);
    const usual = (sorted[sorted.length >> 1] ?? Infinity) * items.length;
    return since + Math.max(this.#options.hedgeMs ?? 250, 2 * usual);
  }

  #goesOn(): boolean {
    return !this.#end.signal.aborted && !this.#failure &&
      (!this.#isRead || this.#open.size > 0);
  }

  /** Ends when something changed, or the next task gets late. */
  async #changed(): Promise<void> {
    const next = this.#doubtful().reduce((at, task) => Math.min(at, this.#lateAt(task)), Infinity);
    if (!Number.isFinite(next)) return await this.#change.promise;
    const woken = new AbortController();
    const late = sleep(Math.max(next - performance.now(), 1), woken.signal);
    await Promise.race([this.#change.promise, late]);
    woken.abort();
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#end.abort(error);
    this.#notify();
  }

  #notify(): void {
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }
}

/** As many items as take a lane about {@linkcode CALL_MS}. */
function sizeOf(perItem: number, { batch = 8 }: ScheduleOptions): number {
  return Math.max(1, Math.min(batch, Math.round(CALL_MS / perItem)));
}

/** Ends after `ms` milliseconds, or when `signal` is aborted. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}
