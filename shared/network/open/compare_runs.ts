import { operatorOf } from "../../onnx/mod.ts";
import type { RunOptions } from "../../runtime/mod.ts";
import { normalAt } from "../../tensor/random.ts";
import { elementCount, float32 } from "../../tensor/tensor.ts";
import type { Network } from "../network.ts";

/** Operators that give something else each time. Dropout does not: it is taken as in inference. */
const RANDOM = /^(Random|Multinomial|Bernoulli)/;

/** Share of the largest value by which two runs may differ: the order of sums on a GPU. */
const TOLERANCE = 1e-4;

/** Whether the graph has operators that draw numbers, or that nobody knows. */
export function mayVary({ index }: Pick<Network, "index">): boolean {
  return index.order.some((node) =>
    RANDOM.test(node.opType ?? "") || operatorOf(node) === undefined
  );
}

/**
 * Whether two runs of one image give the same: maps of a network that draws numbers are noise in
 * part.
 */
export async function isRepeatable(network: Network, options: RunOptions = {}): Promise<boolean> {
  const { inputDims, mainTensor } = network;
  const noise = Float32Array.from({ length: elementCount(inputDims) }, (_, i) => normalAt(5, i));
  const input = float32(noise, inputDims);
  const [a, b] = [
    await network.forward(input, [mainTensor], options),
    await network.forward(input, [mainTensor], options),
  ].map((results) => Array.from(results[mainTensor].data as Float32Array, Number));
  const largest = a.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return a.every((value, i) =>
    Object.is(value, b[i]) || Math.abs(value - b[i]) <= TOLERANCE * largest
  );
}
