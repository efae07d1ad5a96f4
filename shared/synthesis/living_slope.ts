import { InputError } from "../errors.ts";
import type { Network } from "../network/network.ts";
import type { Unit } from "../network/unit.ts";
import { unitSlope, type UnitSlopeOf, type UnitSlopeOptions } from "./unit_slope.ts";

/**
 * As {@linkcode unitSlope}, but where rectifiers that are off stop the whole gradient, it passes
 * them as a deconvnet does: every way on which a rectifier could come on counts, so that an ascent
 * gets going.
 *
 * @throws {RangeError} If there is no such unit, or when no gradient reaches a picture even so.
 */
export function livingSlope(
  network: Network,
  unit: Unit,
  options: UnitSlopeOptions = {},
): UnitSlopeOf {
  const plain = unitSlope(network, unit, options);
  let passing: UnitSlopeOf | undefined;
  return async (picture) => {
    const slope = await plain(picture);
    if (slope.gradient.some((g) => g !== 0)) return slope;
    passing ??= unitSlope(network, unit, { ...options, reluRule: "deconvnet" });
    const { gradient } = await passing(picture);
    if (gradient.some((g) => g !== 0)) return { ...slope, gradient };
    throw new InputError(
      `Cannot ascend: no gradient reaches the picture from channel ${unit.channel} of ` +
        `"${unit.layer}"; its activation is ${slope.value} whatever is changed, expected a unit ` +
        "that depends on the picture",
    );
  };
}
