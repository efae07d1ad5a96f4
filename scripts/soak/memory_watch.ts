/** Milliseconds between two looks. */
const EVERY = 2000;

/** Part of the time after which the memory of a server no longer grows by what it loads. */
const WARM_UP = 0.4;

interface Sample {
  readonly minutes: number;
  readonly mib: number;
}

/** Follows the memory of processes, all together, as ps tells it; without ps it has nothing. */
export class MemoryWatch implements Disposable {
  readonly samples: Sample[] = [];
  readonly #began = performance.now();
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(pids: readonly number[]) {
    this.#timer = setInterval(async () => {
      const mib = await residentMib(pids);
      if (mib > 0) this.samples.push({ minutes: (performance.now() - this.#began) / 60_000, mib });
    }, EVERY);
  }

  /** Growth after the warm-up in MiB a minute, by least squares; undefined of too few samples. */
  slope(): number | undefined {
    const { samples } = this;
    return slopeOf(samples.slice(Math.floor(samples.length * WARM_UP)));
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

async function residentMib(pids: readonly number[]): Promise<number> {
  try {
    const { stdout } = await new Deno.Command("ps", { args: ["-o", "rss=", "-p", pids.join()] })
      .output();
    const sizes = new TextDecoder().decode(stdout).trim().split(/\s+/).map(Number);
    return sizes.reduce((sum, kib) => sum + kib, 0) / 1024;
  } catch {
    return 0;
  }
}
