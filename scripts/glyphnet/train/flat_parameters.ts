import { normalAt } from "../../../shared/tensor/random.ts";
import { elementCount, float32, type Tensor } from "../../../shared/tensor/tensor.ts";
import { type GlyphnetShape, type Parameter, parametersOf } from "./glyphnet.ts";

/** A parameter, and where it begins in the one array that holds them all. */
export interface Slot extends Parameter {
  readonly start: number;
  readonly count: number;
}

/** Where each parameter lies. */
export function layout(shape: GlyphnetShape): readonly Slot[] {
  let start = 0;
  return parametersOf(shape).map((parameter) => {
    const slot = { ...parameter, start, count: elementCount(parameter.dims) };
    start += slot.count;
    return slot;
  });
}

export function parameterCount(slots: readonly Slot[]): number {
  return slots.reduce((sum, { count }) => sum + count, 0);
}

/** Views of the array, by name. */
export function views(
  slots: readonly Slot[],
  flat: Float32Array,
): Record<string, Tensor<"float32">> {
  return Object.fromEntries(
    slots.map(({ name, dims, start, count }) => [
      name,
      float32(flat.subarray(start, start + count), dims),
    ]),
  );
}

/** Standard deviation of a convolution's first weights, as in AlexNet. */
const CONV_DEVIATION = 0.01;

/**
 * Weights at random, gains of 1, biases of 0. Convolutions are normalised, so that the size of their
 * weights is free: they begin small, and what they learn soon outweighs the noise. Dense layers
 * begin as rectified ones should (He et al., 2015), the last at a tenth of that, so that at first no
 * class is favoured.
 */
export function initialParameters(slots: readonly Slot[], seed: number): Float32Array {
  const flat = new Float32Array(parameterCount(slots));
  const last = slots.findLast(({ role }) => role === "weight");
  for (const slot of slots) {
    const { role, dims, start, count } = slot;
    const he = Math.sqrt(2 / elementCount(dims.slice(1)));
    const deviation = dims.length > 2 ? CONV_DEVIATION : slot === last ? 0.1 * he : he;
    for (let i = start; i < start + count; i++) {
      flat[i] = role === "weight" ? deviation * normalAt(seed, i) : role === "gain" ? 1 : 0;
    }
  }
  return flat;
}
