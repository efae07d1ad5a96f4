import { InputError } from "../errors.ts";
import type { CutNetwork } from "../network/on_canvas.ts";
import type { Unit } from "../network/unit.ts";
import {
  unitGradient,
  type UnitGradientFunction,
  type UnitGradientOptions,
} from "./unit_gradient.ts";

/**
 * As {@linkcode unitGradient}, but where rectifiers that are off stop the whole gradient, it passes
 * them as a deconvnet does: every way on which a rectifier could come on counts, so that an ascent
 * gets going.
 *
 * @throws {RangeError} If there is no such unit, or when no gradient reaches an image even so.
 */
export function deadReluFallback(
  network: CutNetwork,
  unit: Unit,
  options: UnitGradientOptions = {},
): UnitGradientFunction {
  const plain = unitGradient(network, unit, options);
  let passing: UnitGradientFunction | undefined;
  return async (image) => {
    const slope = await plain(image);
    if (slope.gradient.some((g) => g !== 0)) return slope;
    passing ??= unitGradient(network, unit, { ...options, reluRule: "deconvnet" });
    const { gradient } = await passing(image);
    if (gradient.some((g) => g !== 0)) return { ...slope, gradient };
    throw new InputError(
      `Cannot ascend: no gradient reaches the image from channel ${unit.channel} of ` +
        `"${unit.layer}"; its activation is ${slope.value} whatever is changed, expected a unit ` +
        "that depends on the image",
    );
  };
}
