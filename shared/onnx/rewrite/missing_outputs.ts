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
