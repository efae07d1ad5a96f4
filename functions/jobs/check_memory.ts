import type { DeepDreamOptions } from "../../shared/methods/deep-dream/options.ts";
import type { Network } from "../../shared/network/network.ts";
import { elementCount } from "../../shared/tensor/tensor.ts";
import { ProblemError } from "../problem_error.ts";

const MIB = 2 ** 20;

/**
 * What an isolate holds, in MiB: of itself, for each byte of the network's file (its graph, several
 * sessions), and for each byte of its tensors, in a forward pass and with a gradient. Fitted to
 * docs/hosting.md's table, and rather too much than too little.
 */
const BASE = 250;
const PER_WEIGHT = 8;
const PER_TENSOR = { forward: 0.7, gradient: 1.5 };

/** Methods without a gradient. */
const FORWARD = new Set([
  "activations",
  "classify",
  "embedding",
  "occlusion",
  "patches",
  "weights",
]);

/** About how much memory a job takes, in MiB. */
export function memoryOf(network: Network, method: string, options: unknown): number {
  const tensors = [...network.facts].filter(([name]) => network.index.producer(name));
  const bytes = tensors.reduce((sum, [, { dims }]) => sum + 4 * elementCount(dims), 0);
  const weights = network.file.graph.initializer
    .reduce((sum, { dims }) => sum + 4 * elementCount(dims), 0);
  const pass = FORWARD.has(method) ? PER_TENSOR.forward : PER_TENSOR.gradient;
  return BASE + (PER_WEIGHT * weights + pass * bytes * areaOf(method, options)) / MIB;
}

/** How many times as large as the network's input what it runs on is. */
const areaOf = (method: string, options: unknown): number =>
  method === "deep-dream" ? (options as DeepDreamOptions).enlarge ** 2 : 1;

/**
 * Refuses a job that takes too much memory, before it starts.
 *
 * @param options Validated, of the method `method`.
 * @param limit In MiB.
 * @throws {ProblemError} 413 that says how much it would take, and what would fit.
 */
export function checkMemory(
  network: Network,
  method: string,
  options: unknown,
  limit: number,
): void {
  const memory = memoryOf(network, method, options);
  if (memory <= limit) return;
  throw new ProblemError(
    "too-large",
    `Cannot run ${method} on ${network.id}: it would take about ${Math.ceil(memory)} MiB of ` +
      `memory, expected at most ${limit}; ${remedy(network, method, options, limit)}`,
  );
}

function remedy(network: Network, method: string, options: unknown, limit: number): string {
  const smallest = memoryOf(network, method, { ...options as object, enlarge: 1 });
  if (areaOf(method, options) === 1 || smallest > limit) return "choose a smaller network";
  const perArea = memoryOf(network, method, { ...options as object, enlarge: 2 }) - smallest;
  const fitting = Math.sqrt(1 + 3 * (limit - smallest) / perArea);
  return `enlarge ${Math.floor(10 * fitting) / 10} would fit`;
}
