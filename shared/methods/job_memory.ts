import type { Network } from "../network/network.ts";
import { elementCount } from "../tensor/tensor.ts";
import type { DeepDreamOptions } from "./deep-dream/options.ts";

const MIB = 2 ** 20;

/**
 * What an isolate or a worker holds, in MiB: of itself, for each byte of the network's file (its
 * graph, several sessions), and for each byte of its tensors, in a forward pass and with a gradient.
 * Fitted to docs/hosting.md's table, and rather too much than too little.
 */
const BASE = 250;
export const BYTES_PER_WEIGHT_BYTE = 8;
const PER_TENSOR = { forward: 0.7, gradient: 1.5 };

/** Methods without a gradient. */
export const FORWARD_METHODS: ReadonlySet<string> = new Set([
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
  const pass = FORWARD_METHODS.has(method) ? PER_TENSOR.forward : PER_TENSOR.gradient;
  return memoryOfWeights(weights) + pass * bytes * areaOf(method, options) / MIB;
}

/** About how much memory a network takes that has so many bytes of weights, in MiB. */
export function memoryOfWeights(bytes: number): number {
  return BASE + BYTES_PER_WEIGHT_BYTE * bytes / MIB;
}

/** How many times as large as the network's input what it runs on is. */
export const areaOf = (method: string, options: unknown): number =>
  method === "deep-dream" ? (options as DeepDreamOptions).enlarge ** 2 : 1;
