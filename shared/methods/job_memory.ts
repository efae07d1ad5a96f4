import type { Network } from "../network/network.ts";
import { elementCount } from "../tensor/tensor.ts";
import type { MethodInputs } from "../contract/method.ts";
import { MOST_PIXELS } from "./deep-dream/tiles.ts";
import { placementOf } from "../figure/mod.ts";

const MIB = 2 ** 20;

/**
 * What an isolate or a worker holds, in MiB: of itself, for each byte of the network's file (its
 * graph, several sessions), and for each byte of its tensors, in a forward pass and with a gradient.
 * Fitted to what `deno task bench memory` measures, and rather too much than too little.
 */
const BASE = 260;
export const BYTES_PER_WEIGHT_BYTE = 6;
const PER_TENSOR = { forward: 0.7, gradient: 1.5 };

/** Methods without a gradient. */
export const FORWARD_METHODS: ReadonlySet<string> = new Set([
  "activations",
  "attention",
  "classify",
  "embedding",
  "occlusion",
  "patches",
  "weights",
]);

/** About how much memory a job takes, in MiB. */
export function memoryOf(
  network: Network,
  method: string,
  options: unknown,
  inputs: MethodInputs = {},
): number {
  const tensors = [...network.facts]
    .filter(([name]) => network.hasLayer(name) && network.tensorOf(name) === name);
  const bytes = tensors.reduce((sum, [, { dims }]) => sum + 4 * elementCount(dims), 0);
  const weights = network.file.graph.initializer
    .reduce((sum, { dims }) => sum + 4 * elementCount(dims), 0);
  const pass = FORWARD_METHODS.has(method) ? PER_TENSOR.forward : PER_TENSOR.gradient;
  return memoryOfWeights(weights) + pass * bytes * areaOf(network, method, options, inputs) / MIB;
}

/** About how much memory a network takes that has so many bytes of weights, in MiB. */
export function memoryOfWeights(bytes: number): number {
  return BASE + BYTES_PER_WEIGHT_BYTE * bytes / MIB;
}

/**
 * How many times as large as the network's input what it runs on is: a dream and a style transfer
 * have the size of their image.
 */
export function areaOf(
  { inputDims: [, , height, width] }: Network,
  method: string,
  options: unknown,
  { image }: MethodInputs = {},
): number {
  if (method !== "deep-dream" && method !== "style") return 1;
  const { side, enlarge = 1 } = options as { side: number; enlarge?: number };
  const shown = image && placementOf(image).source;
  const longer = shown ? Math.max(shown.width, shown.height) : 0;
  const factor = shown ? Math.min(1, side / longer) : 1;
  const own = shown ? shown.width * shown.height * factor ** 2 : height * width;
  const pixels = own * enlarge ** 2;
  const most = method === "deep-dream" ? MOST_PIXELS : Infinity;
  return Math.max(1, Math.min(most, pixels) / (height * width));
}
