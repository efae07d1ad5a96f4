/** Milliseconds between two looks. */
const EVERY = 2000;

/** Part of the time after which the memory of a server no longer grows by what it loads. */
const WARM_UP = 0.4;

interface Sample {
  readonly minutes: number;
  readonly mib: number;
}

/** In MiB a minute, and the standard error of that. */
export interface Growth {
  readonly perMinute: number;
  readonly error: number;
}

/** Follows the memory of processes as ps tells it; without ps it has nothing. */
export class MemoryWatch implements Disposable {
  readonly #samples: Sample[][];
  readonly #began = performance.now();
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(pids: readonly number[]) {
    this.#samples = pids.map(() => []);
    this.#timer = setInterval(async () => {
      const sizes = await residentMib(pids);
      const minutes = (performance.now() - this.#began) / 60_000;
      sizes.forEach((mib, i) => this.#samples[i].push({ minutes, mib }));
    }, EVERY);
  }

  /** MiB of all processes together when a part of the time is over; undefined without ps. */
  totalAt(part: number): number | undefined {
    const sizes = this.#samples.map((samples) =>
      samples[Math.ceil(part * samples.length) - 1]?.mib
    );
    return sizes.reduce((sum, mib) => sum + mib, 0) || undefined;
  }

  /** Growth after the warm-up of the process that grows most; undefined of less than three minutes. */
  growth(): Growth | undefined {
    return this.#samples
      .map((samples) => growthOf(samples.slice(Math.floor(samples.length * WARM_UP))))
      .filter((growth) => growth !== undefined)
      .toSorted((a, b) => b.perMinute - a.perMinute)[0];
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/**
 * Growth by the least of each minute, since garbage comes and goes by tens of MiB and what leaks
 * stays: the slope of the line nearest to those.
 */
export function growthOf(samples: readonly Sample[]): Growth | undefined {
  const lows = new Map<number, number>();
  for (const { minutes, mib } of samples) {
    const minute = Math.floor(minutes - samples[0].minutes);
    lows.set(minute, Math.min(mib, lows.get(minute) ?? Infinity));
  }
  if (lows.size < 3) return undefined;
  const points = [...lows];
  const mean = (of: (x: number, y: number) => number) =>
    points.reduce((sum, [x, y]) => sum + of(x, y), 0) / points.length;
  const [middle, level] = [mean((x) => x), mean((_, y) => y)];
  const spread = mean((x) => (x - middle) ** 2);
  const perMinute = mean((x, y) => (x - middle) * (y - level)) / spread;
  const left = mean((x, y) => (y - level - perMinute * (x - middle)) ** 2);
  return { perMinute, error: Math.sqrt(left / (points.length - 2) / spread) };
}

/** Of each process, in the order of their ids; nothing if one is gone. */
async function residentMib(pids: readonly number[]): Promise<number[]> {
  try {
    const args = ["-o", "pid=,rss=", "-p", pids.join()];
    const { stdout } = await new Deno.Command("ps", { args }).output();
    const lines = new TextDecoder().decode(stdout).trim().split("\n");
    const kib = new Map(lines.map((line) => {
      const [pid, size] = line.trim().split(/\s+/).map(Number);
      return [pid, size];
    }));
    return pids.every((pid) => kib.has(pid)) ? pids.map((pid) => kib.get(pid)! / 1024) : [];
  } catch {
    return [];
  }
}
