import type { Objective } from "../grad/mod.ts";
import type { ManifestInput } from "../models/mod.ts";

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
