import { differentiate, relativeDistance } from "../grad/mod.ts";
import type { AscentPoint, GradientFunction } from "./ascend.ts";
import { fourierAscent, type FourierAscentOptions, type RunModel } from "./fourier_ascent.ts";
import { FEATURES, type Inverted, refuseZeros } from "./inverted.ts";

/** Of Adam in the spectrum at the start. */
const RATE = 0.2;

/**
 * Steeper than natural images: what is left of fine patterns keeps other networks from seeing what the
 * image shows.
 */
const FALLOFF = 1.5;

export type FourierInversionOptions = Pick<FourierAscentOptions, "steps" | "seed" | "views">;

/**
 * Descends from a faint random image to one whose features are near the given ones: their squared
 * distance over the squared norm of the given. The image is written as its spectrum in decorrelated
 * colours, so that a step changes all frequencies as natural images have them, and is seen from
 * changing views, which come together to the plain one. So features are met by shapes that other
 * networks see too, rather than by a pattern of pixels.
 *
 * @throws {InputError} If the features are all zeros.
 * @see Olah et al., "Feature Visualization", Distill, 2017
 */
export function fourierInversion(
  inverted: Inverted,
  run: RunModel,
  { steps, seed, views }: FourierInversionOptions,
): AsyncGenerator<AscentPoint> {
  refuseZeros(inverted);
  const { model: network, inputName, dims, input, layer, features } = inverted;
  const { model } = differentiate(network, {
    objective: (emit) => emit.scale(relativeDistance(layer, FEATURES)(emit), -1),
    wrt: [inputName],
    inputs: { [inputName]: dims },
  });
  const outputs = ["grad/objective", `grad/${inputName}`];
  const gradientOf: GradientFunction = async (image) => {
    const feeds = { [inputName]: image, [FEATURES]: features };
    const found = await run(model, feeds, outputs);
    const [value, gradient] = outputs.map((name) => found[name].data as Float32Array);
    return { value: value[0], gradient };
  };
  return fourierAscent(dims, input, { gradientOf, run }, {
    ...{ steps, seed, views },
    rate: RATE,
    falloff: FALLOFF,
    settles: true,
  });
}
