import { median } from "../../shared/tensor/stats.ts";
import type { MethodInput } from "../../shared/contract/method.ts";
import { deprocess } from "../../shared/models/mod.ts";
import type { Network } from "../../shared/network/network.ts";
import { normalAt } from "../../shared/tensor/random.ts";
import { elementCount, float32 } from "../../shared/tensor/tensor.ts";

/** One benchmark of `deno task bench`. */
export interface Benchmark {
  readonly name: string;
  /** One sentence for a person. */
  readonly summary: string;
  /** Its options, as help shows them. */
  readonly help: string;
  run(args: readonly string[], signal: AbortSignal): Promise<void>;
}

/** Writes what was measured, and on what, as JSON. */
export async function writeFigures(path: string, timings: unknown): Promise<void> {
  const machine = { cores: navigator.hardwareConcurrency, deno: Deno.version.deno };
  await Deno.writeTextFile(path, JSON.stringify({ machine, timings }, null, 2) + "\n");
}

/** Median milliseconds of jobs, in turn, so that all see the same noise of the machine. */
export async function timeInTurn<const Jobs extends readonly (() => Promise<unknown>)[]>(
  runs: number,
  jobs: Jobs,
): Promise<{ -readonly [K in keyof Jobs]: number }> {
  const times: number[][] = jobs.map(() => []);
  // The first runs compile.
  for (let i = 0; i <= runs; i++) {
    for (const [k, job] of jobs.entries()) {
      const start = performance.now();
      await job();
      if (i > 0) times[k].push(performance.now() - start);
    }
  }
  return times.map(median) as { -readonly [K in keyof Jobs]: number };
}

/** Normally distributed noise, as the network takes it and as an image. */
export function noiseInput({ inputDims: dims, manifest }: Network, seed: number): MethodInput {
  const values = Float32Array.from({ length: elementCount(dims) }, (_, i) => normalAt(seed, i));
  const tensor = float32(values, dims);
  return { tensor, image: deprocess(tensor, manifest.input) };
}
