import type { Tensor } from "../tensor/tensor.ts";

const LARGEST = 2n ** 63n - 1n;

/**
 * Integers as an int64 tensor of one axis. 2^63 and Infinity become the largest int64, with which
 * exporters say "to the end"; as a JavaScript number it is rounded up to 2^63.
 */
export function int64List(values: readonly number[]): Tensor<"int64"> {
  const data = BigInt64Array.from(values, (value) => value >= 2 ** 63 ? LARGEST : BigInt(value));
  return { type: "int64", dims: [values.length], data };
}
