/** Milliseconds between two looks. */
const EVERY = 2000;

/** Part of the time after which the memory of a server no longer grows by what it loads. */
const WARM_UP = 0.4;

interface Sample {
  readonly minutes: number;
  readonly mib: number;
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

  /**
   * Growth after the warm-up in MiB a minute, by least squares, of the process that grows most;
   * undefined of too few samples.
   */
  slope(): number | undefined {
    const slopes = this.#samples
      .map((samples) => slopeOf(samples.slice(Math.floor(samples.length * WARM_UP))))
      .filter((slope) => slope !== undefined);
    return slopes.length === 0 ? undefined : Math.max(...slopes);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/** The slope of the line nearest to samples. */
export function slopeOf(samples: readonly Sample[]): number | undefined {
  if (samples.length < 3) return undefined;
  const mean = (pick: (sample: Sample) => number) =>
    samples.reduce((sum, sample) => sum + pick(sample), 0) / samples.length;
  const [x, y] = [mean(({ minutes }) => minutes), mean(({ mib }) => mib)];
  const both = mean(({ minutes, mib }) => (minutes - x) * (mib - y));
  return both / mean(({ minutes }) => (minutes - x) ** 2);
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
