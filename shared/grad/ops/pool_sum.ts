import type { Window } from "../../onnx/shape/window.ts";
import type { Emitter } from "../emitter.ts";
import { dilate } from "./conv.ts";

/**
 * The transpose of summing over windows: every element of the input [N, C, ...spatial] gets the sum
 * of `value` [N, C, ...positions] over the windows that cover it, divided by the window's size.
 */
export function spreadOverWindows(
  e: Emitter,
  value: string,
  spatial: readonly number[],
  { kernel, strides, dilations, padsBegin }: Window,
): string {
  const spread = dilate(e, value, strides);
  const reach = kernel.map((size, axis) => (size - 1) * dilations[axis]);
  const begin = reach.map((r, axis) => r - padsBegin[axis]);
  const end = spatial.map((extent, axis) =>
    extent + reach[axis] - begin[axis] - e.dims(spread)[axis + 2]
  );
  // ONNX Runtime merges a Pad into the pool after it, and refuses pads as large as the kernel.
  const close = end.map((amount, axis) => Math.min(amount, reach[axis]));
  const long = appendZeros(e, spread, end.map((amount, axis) => amount - close[axis]));
  const padded = e.pad(long, [0, 0, ...begin], [0, 0, ...close]);
  const isDilated = dilations.some((dilation) => dilation > 1);
  return isDilated
    ? dilatedMean(e, padded, kernel, dilations)
    : e.op("AveragePool", [padded], { kernel_shape: kernel });
}

function appendZeros(e: Emitter, value: string, amounts: readonly number[]): string {
  return amounts.reduce((result, amount, i) => {
    if (amount === 0) return result;
    const dims = e.dims(result).map((extent, axis) => axis === i + 2 ? amount : extent);
    return e.concat([result, e.expand(e.scalar(0, result), dims)], i + 2);
  }, value);
}

/** AveragePool has dilations from operator set 19 only; a depthwise convolution always has. */
function dilatedMean(
  e: Emitter,
  value: string,
  kernel: readonly number[],
  dilations: readonly number[],
): string {
  const channels = e.dims(value)[1];
  const size = kernel.reduce((a, b) => a * b, 1);
  const weights = new Float32Array(channels * size).fill(1 / size);
  const weight = e.array(weights, [channels, 1, ...kernel], value);
  return e.op("Conv", [value, weight], { group: channels, dilations });
}
