import type { ManifestInput } from "../models/mod.ts";
import { float32, type Tensor } from "../tensor/tensor.ts";
import type { Objective } from "../grad/mod.ts";

/**
 * Images as distances from the mean image in levels of 0 to 255, whatever scale a network is
 * fed with; so that rates and strengths mean the same for all networks.
 */
export interface LevelSpace {
  /** What the network is fed. */
  toInput(levels: Tensor<"float32">): Tensor<"float32">;
  /** The inverse of `toInput`. */
  fromInput(input: Tensor<"float32">): Tensor<"float32">;
  /** The gradient by levels, given that by the network's input. */
  gradient(byInput: Float32Array): Float32Array;
  /** Cuts off, in place, what no image can show. */
  clip(levels: Tensor<"float32">): void;
}

/** The levels that a network's manifest describes. */
export function levelSpace({ scale, mean, std }: ManifestInput): LevelSpace {
  const perLevel = std.map((s) => scale / s);
  const means = mean.map((m) => m / scale);
  const scaled = (values: Float32Array, factors: readonly number[]) => {
    const plane = values.length / factors.length;
    return values.map((value, i) => value * factors[Math.floor(i / plane)]);
  };
  return {
    toInput: ({ data, dims }) => float32(scaled(data, perLevel), dims),
    fromInput: ({ data, dims }) => float32(scaled(data, perLevel.map((f) => 1 / f)), dims),
    gradient: (byInput) => scaled(byInput, perLevel),
    clip({ data }) {
      const plane = data.length / means.length;
      for (let i = 0; i < data.length; i++) {
        const middle = means[Math.floor(i / plane)];
        data[i] = Math.min(255 - middle, Math.max(-middle, data[i]));
      }
    },
  };
}

/**
 * An objective of a network's input counted in levels of 0 to 255 about the mean.
 *
 * @param objectiveOf Makes it for the tensor with the levels.
 */
export function inLevels(
  inputName: string,
  { std, scale }: ManifestInput,
  objectiveOf: (levels: string) => Objective,
): Objective {
  return (emit) => {
    const perInput = emit.array(std.map((s) => s / scale), [1, std.length, 1, 1], inputName);
    return objectiveOf(emit.mul(inputName, perInput))(emit);
  };
}
