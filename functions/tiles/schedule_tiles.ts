import { setTimeout as sleep } from "node:timers/promises";
import type { Tile } from "./tile.ts";
import { WorkerBusyError } from "./worker_busy_error.ts";

export interface ScheduleOptions<Part> {
  /** Origins that take tiles. */
  readonly workers: readonly string[];
  /** Requests at once, over all workers; each has at least one. */
  readonly inFlight: number;
  /**
   * Has a worker evaluate a tile.
   *
   * @throws {WorkerBusyError} If it has enough to do. Any other error counts as a failure.
   */
  readonly post: (worker: string, tile: Tile, signal: AbortSignal) => Promise<Part>;
  /** Evaluates a tile here: what no worker managed. Its errors end the schedule. */
  readonly rescue: (tile: Tile, signal: AbortSignal) => Promise<Part>;
  /** Told once per tile, in the order they arrive. */
  readonly onPart: (part: Part, tile: Tile) => void;
  /** Told of every failed request. */
  readonly onFailure?: (failure: TileFailure) => void;
  readonly signal?: AbortSignal;
  /** Time-out of one request, in milliseconds. */
  readonly timeoutMs: number;
  /** Failed requests after which a tile is evaluated here. @default 4 */
  readonly attempts?: number;
  /** First pause after a failure; doubled each time in a row. @default 100 */
  readonly backoffMs?: number;
  /** A tile is asked for a second time once it takes this much, and twice the median. @default 250 */
  readonly hedgeMs?: number;
}

export interface TileFailure {
  readonly worker: string;
  readonly tile: Tile;
  readonly error: unknown;
}

/** Failures in a row after which a lane gives its worker up. */
const GIVE_UP = 5;
const LONGEST_PAUSE_MS = 2_000;
const BUSY_PAUSE_MS = 10;
const LONGEST_BUSY_PAUSE_MS = 160;

/**
 * Has tiles evaluated by workers, in parallel, and settles when all are done.
 *
 * Every worker has lanes, each with one request at a time, all taking from one queue: a fast worker
 * takes more. A tile that fails goes back into the queue; a straggler is asked for a second time,
 * and the first answer counts; a tile that no worker manages is evaluated here. So a worker that
 * dies costs time, never the result.
 *
 * @param tiles Asked for one when a lane is free for it.
 * @throws The signal's reason once it is aborted; what `rescue` throws. All requests are aborted
 * first.
 */
export async function scheduleTiles<Part>(
  tiles: Iterable<Tile>,
  options: ScheduleOptions<Part>,
): Promise<void> {
  options.signal?.throwIfAborted();
  await new Schedule(tiles, options).run();
}

/** A tile on its way. */
interface Task {
  readonly tile: Tile;
  failures: number;
  done: boolean;
  /** The requests under way for it. */
  readonly copies: Set<AbortController>;
  /** When the first of them began. */
  since: number;
}

class Schedule<Part> {
  readonly #options: ScheduleOptions<Part>;
  readonly #tiles: Iterator<Tile>;
  /** Given back, to be tried again. */
  readonly #queue: Task[] = [];
  readonly #rescues: Task[] = [];
  /** Begun and not done. */
  readonly #tasks = new Set<Task>();
  readonly #durations: number[] = [];
  /** Aborted when the schedule ends, well or not. */
  readonly #end = new AbortController();
  /** Whether there are tiles that were never begun. */
  #hasMore = true;
  #openLanes = 0;
  #change = Promise.withResolvers<void>();

  constructor(tiles: Iterable<Tile>, options: ScheduleOptions<Part>) {
    this.#options = options;
    this.#tiles = tiles[Symbol.iterator]();
    this.#end.signal.addEventListener("abort", () => this.#notify());
  }

  async run(): Promise<void> {
    const { workers, inFlight, signal } = this.#options;
    const stop = () => this.#end.abort(signal?.reason);
    signal?.addEventListener("abort", stop, { once: true });
    const each = Math.max(1, Math.floor(inFlight / workers.length));
    const lanes = workers.flatMap((worker) => Array.from({ length: each }, () => worker));
    this.#openLanes = lanes.length;
    try {
      await Promise.all([...lanes.map((worker) => this.#lane(worker)), this.#rescueLane()]);
      signal?.throwIfAborted();
    } finally {
      signal?.removeEventListener("abort", stop);
      this.#end.abort(new DOMException("The map is complete", "AbortError"));
    }
  }

  /** Posts one tile after the other to `worker`. */
  async #lane(worker: string): Promise<void> {
    let failures = 0;
    let busy = 0;
    while (this.#goesOn() && failures < GIVE_UP) {
      const task = this.#queue.shift() ?? this.#nextTask() ?? this.#straggler();
      if (!task) {
        if (this.#goesOn()) await this.#changed();
        continue;
      }
      try {
        await this.#evaluate(task, (signal) => this.#post(worker, task, signal));
        [failures, busy] = [0, 0];
      } catch (error) {
        if (!this.#goesOn() || task.done) continue;
        const isBusy = error instanceof WorkerBusyError;
        this.#giveBack(task, isBusy ? 0 : 1);
        if (isBusy) {
          await pause(
            Math.min(BUSY_PAUSE_MS * 2 ** busy++, LONGEST_BUSY_PAUSE_MS),
            this.#end.signal,
          );
          continue;
        }
        this.#options.onFailure?.({ worker, tile: task.tile, error });
        const { backoffMs = 100 } = this.#options;
        await pause(Math.min(backoffMs * 2 ** failures++, LONGEST_PAUSE_MS), this.#end.signal);
      }
    }
    if (--this.#openLanes === 0) this.#rescueAll();
  }

  /** A tile that was not begun yet. */
  #nextTask(): Task | undefined {
    if (!this.#hasMore) return undefined;
    const { value: tile, done } = this.#tiles.next();
    if (done) {
      this.#hasMore = false;
      // With the last tile on its way or done, others wait for this.
      this.#notify();
      return undefined;
    }
    const task: Task = { tile, failures: 0, done: false, copies: new Set(), since: 0 };
    this.#tasks.add(task);
    return task;
  }

  /** Evaluates here what no worker managed. */
  async #rescueLane(): Promise<void> {
    while (this.#goesOn()) {
      const task = this.#rescues.shift() ??
        (this.#openLanes === 0 ? this.#nextTask() : undefined);
      if (!task) {
        if (this.#goesOn()) await this.#changed();
        continue;
      }
      if (task.done) continue;
      try {
        await this.#evaluate(task, (signal) => this.#options.rescue(task.tile, signal));
      } catch (error) {
        if (task.done || !this.#goesOn()) continue;
        this.#end.abort(error);
        throw error;
      }
    }
  }

  async #post(worker: string, task: Task, signal: AbortSignal): Promise<Part> {
    const started = performance.now();
    const timeout = AbortSignal.timeout(this.#options.timeoutMs);
    const part = await this.#options.post(worker, task.tile, AbortSignal.any([signal, timeout]));
    this.#durations.push(performance.now() - started);
    return part;
  }

  /** Evaluates one copy of a task; the first copy to end counts, and ends the others. */
  async #evaluate(task: Task, work: (signal: AbortSignal) => Promise<Part>): Promise<void> {
    const copy = new AbortController();
    if (task.copies.size === 0) task.since = performance.now();
    task.copies.add(copy);
    try {
      const part = await work(AbortSignal.any([copy.signal, this.#end.signal]));
      if (task.done || !this.#goesOn()) return;
      task.done = true;
      this.#tasks.delete(task);
      this.#options.onPart(part, task.tile);
    } finally {
      task.copies.delete(copy);
      if (task.done) { for (const other of task.copies) other.abort(); }
      this.#notify();
    }
  }

  #giveBack(task: Task, failures: number): void {
    task.failures += failures;
    // Its twin is still under way, or it waits already.
    if (task.copies.size > 0 || this.#queue.includes(task) || this.#rescues.includes(task)) return;
    const { attempts = 4 } = this.#options;
    // What failed goes to the end, so that a dead worker does not spoil one tile again and again.
    if (task.failures >= attempts || this.#openLanes === 0) this.#rescues.push(task);
    else if (failures > 0) this.#queue.push(task);
    else this.#queue.unshift(task);
    this.#notify();
  }

  #rescueAll(): void {
    this.#rescues.push(...this.#queue.splice(0));
    this.#notify();
  }

  /** The tile that has been under way for longest, if it takes too long and nobody else has it. */
  #straggler(): Task | undefined {
    const late = performance.now() - this.#hedgeAfter();
    return this.#alone().filter(({ since }) => since <= late)
      .reduce<Task | undefined>((a, b) => a && a.since <= b.since ? a : b, undefined);
  }

  #alone(): Task[] {
    return [...this.#tasks].filter(({ copies }) => copies.size === 1);
  }

  /** Milliseconds after which a tile is late; endless while there is nothing to compare with. */
  #hedgeAfter(): number {
    const sorted = this.#durations.toSorted((a, b) => a - b);
    const median = sorted[sorted.length >> 1] ?? Infinity;
    return Math.max(this.#options.hedgeMs ?? 250, 2 * median);
  }

  #goesOn(): boolean {
    return (this.#hasMore || this.#tasks.size > 0) && !this.#end.signal.aborted;
  }

  /** Ends when something changed, or the next tile gets late. */
  async #changed(): Promise<void> {
    const next = Math.min(...this.#alone().map(({ since }) => since)) + this.#hedgeAfter();
    if (!Number.isFinite(next)) return await this.#change.promise;
    const woken = new AbortController();
    const late = pause(Math.max(next - performance.now(), 1), woken.signal);
    await Promise.race([this.#change.promise, late]);
    woken.abort();
  }

  #notify(): void {
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }
}

/** Ends after `ms` milliseconds, or when `signal` is aborted. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}
