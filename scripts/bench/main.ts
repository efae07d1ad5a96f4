/**
 * The benchmarks: `deno task bench [occlusion | gradient | attribution | parallel | synthesis |
 * memory | start | peers]`; all without a name.
 *
 * @module
 */
import { exitCode, UsageError } from "../cli/exit_code.ts";
import { attributionBenchmark } from "./attribution.ts";
import type { Benchmark } from "./benchmark.ts";
import { gradientBenchmark } from "./gradient.ts";
import { memoryBenchmark } from "./memory.ts";
import { peersBenchmark } from "./peers/peers.ts";
import { occlusionBenchmark } from "./occlusion.ts";
import { parallelBenchmark } from "./parallel.ts";
import { startBenchmark } from "./start/start.ts";
import { synthesisBenchmark } from "./synthesis.ts";

const BENCHMARKS: readonly Benchmark[] = [
  occlusionBenchmark,
  gradientBenchmark,
  attributionBenchmark,
  parallelBenchmark,
  synthesisBenchmark,
  memoryBenchmark,
  startBenchmark,
  peersBenchmark,
];

const NAMES = BENCHMARKS.map(({ name }) => name);

function help(): string {
  return [
    "Usage: deno task bench [name] [options]; all of them without a name.",
    ...BENCHMARKS.map(({ name, summary, help }) => `${name}: ${summary}\n\n${help}`),
  ].join("\n\n");
}

async function main([name, ...args]: readonly string[], signal: AbortSignal): Promise<void> {
  if ([name, ...args].some((arg) => arg === "--help" || arg === "-h")) return console.log(help());
  if (name === undefined) {
    for (const benchmark of BENCHMARKS) await benchmark.run([], signal);
    return;
  }
  const chosen = BENCHMARKS.find((benchmark) => benchmark.name === name);
  if (!chosen) throw new UsageError(`Cannot run "${name}": expected ${NAMES.join(" or ")}`);
  await chosen.run(args, signal);
}

if (import.meta.main) {
  Deno.exit(await exitCode((signal) => main(Deno.args, signal), "deno task bench --help"));
}
