import type { Window } from "../shape/window.ts";

/**
 * Whether ONNX Runtime's WebGPU provider (1.30.0) leaves out the end pads of a convolution. It
 * multiplies matrices where a kernel is a single element or covers the whole input, and only looks
 * whether the first pads are zero before it does. A kernel that is longer by a zero is right.
 */
export function ignoresEndPads(
  { kernel, strides, padsBegin, padsEnd }: Omit<Window, "dilations" | "output">,
  spatial: readonly number[],
  groups: number,
): boolean {
  if (groups > 1 || padsBegin.some((amount) => amount > 0)) return false;
  if (padsEnd.every((amount) => amount === 0)) return false;
  const isPointwise = [...kernel, ...strides].every((size) => size === 1);
  return isPointwise || kernel.every((size, axis) => size === spatial[axis]);
}
