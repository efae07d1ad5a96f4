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

/**
 * How many output channels a group of a convolution has to be given more, zeros that are cut off
 * after, for ONNX Runtime's WebGPU provider (1.30.0) to compute it right:
 *
 * - its grouped kernel mixes up groups of four or more outputs that are no multiple of four;
 * - its dense kernel reads inputs in threes where their number is a multiple of three and not of
 *   four, and is wrong there for a multiple of four outputs, 1 x 1 kernels excepted.
 *
 * @param weightDims [outputs, inputs per group, ...kernel]
 */
export function missingOutputs(weightDims: readonly number[], groups: number): number {
  const [outputs, inputs, ...kernel] = weightDims;
  const perGroup = outputs / groups;
  if (groups > 1) return perGroup < 4 ? 0 : (4 - perGroup % 4) % 4;
  const inThrees = inputs > 3 && inputs % 3 === 0 && inputs % 4 !== 0;
  return inThrees && perGroup % 4 === 0 && kernel.some((size) => size > 1) ? 1 : 0;
}

/**
 * Whether ONNX Runtime's WebGPU provider (1.30.0) mixes up the inputs of a transposed convolution:
 * it does where a group has a single output and an even number of inputs.
 *
 * @param weightDims [inputs, outputs per group, ...kernel]
 */
export function mixesTransposedInputs(weightDims: readonly number[], groups: number): boolean {
  const [inputs, outputsPerGroup] = weightDims;
  return groups > 1 && outputsPerGroup === 1 && (inputs / groups) % 2 === 0;
}
