import { type GradientSpec, imageGradient } from "../../network/image_gradient.ts";
import type { Network } from "../../network/network.ts";
import { requireFinite } from "../../network/require_finite.ts";
import type { Model } from "../../onnx/mod.ts";

/**
 * As {@linkcode imageGradient}, of numbers that can be shown.
 *
 * @throws {InputError} If a value is NaN or infinite.
 */
export function finiteGradient(
  network: Network,
  spec: GradientSpec,
  base?: Model,
): ReturnType<typeof imageGradient> {
  const at = imageGradient(network, spec, base);
  const { label, quantity } = spec.aim;
  return async (input, options) => {
    const found = await at(input, options);
    requireFinite([found.value], `show the gradient of ${label}`, `its ${quantity}`);
    requireFinite(found.gradient, `show the gradient of ${label}`, "it");
    return found;
  };
}
