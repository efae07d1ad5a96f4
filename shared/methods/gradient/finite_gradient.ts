import { InputError } from "../../errors.ts";
import { type GradientSpec, imageGradient } from "../../network/image_gradient.ts";
import type { Network } from "../../network/network.ts";
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
    const wrong = Number.isFinite(found.value)
      ? found.gradient.find((one) => !Number.isFinite(one))
      : found.value;
    if (wrong === undefined) return found;
    throw new InputError(
      `Cannot show the gradient of ${label}: it or its ${quantity} is ${wrong}, expected ` +
        "finite numbers; the network or the image has non-finite values, or too large ones",
    );
  };
}
