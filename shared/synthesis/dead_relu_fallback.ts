import { InputError } from "../errors.ts";
import type { CutNetwork } from "../network/on_canvas.ts";
import type { Unit } from "../network/units.ts";
import {
  type UnitGradientFunction,
  type UnitGradientOptions,
  unitGradients,
} from "./unit_gradient.ts";

/**
 * For any unit of a layer, as {@linkcode unitGradients}, but where rectifiers that are off stop the whole gradient, it passes
 * them as a deconvnet does: every way on which a rectifier could come on counts, so that an ascent
 * gets going.
 *
 * @throws {RangeError} If there is no such unit, or when no gradient reaches an image even so.
 */
export function deadReluFallback(
  network: CutNetwork,
  layer: string,
  options: UnitGradientOptions = {},
): (unit: Unit) => UnitGradientFunction {
  const plain = unitGradients(network, layer, options);
  let passing: ReturnType<typeof unitGradients> | undefined;
  return (unit) => {
    const plainOfUnit = plain(unit);
    return async (image) => {
      const slope = await plainOfUnit(image);
      if (slope.gradient.some((g) => g !== 0)) return slope;
      passing ??= unitGradients(network, layer, { ...options, reluRule: "deconvnet" });
      const { gradient } = await passing(unit)(image);
      if (gradient.some((g) => g !== 0)) return { ...slope, gradient };
      throw new InputError(
        `Cannot ascend: no gradient reaches the image from channel ${unit.channel} of ` +
          `"${layer}"; its activation is ${slope.value} whatever is changed, expected a unit ` +
          "that depends on the image",
      );
    };
  };
}
