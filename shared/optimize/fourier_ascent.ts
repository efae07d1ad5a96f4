import type { ManifestInput } from "../models/mod.ts";
import type { Model } from "../onnx/mod.ts";
import { elementCount, float32, type Tensor } from "../tensor/tensor.ts";
import { adamRates } from "./adam_step.ts";
import type { AscentPoint, GradientFunction } from "./ascend.ts";
import { FOURIER, fourierImage, randomSpectrum } from "./fourier_image.ts";
import { midGrey } from "./start_image.ts";
import { adjoint, randomView, see, type ViewRange } from "./view.ts";

/** Runs a model; the same object each time costs least. */
export type RunModel = (
  model: Model,
  feeds: Readonly<Record<string, Tensor>>,
  outputs: readonly string[],
) => Promise<Record<string, Tensor>>;

export interface FourierAscentOptions {
  readonly steps: number;
  /** Of Adam at the start; it falls to 0 along a cosine. */
  readonly rate: number;
  readonly seed: number;
  readonly views: ViewRange;
  /**
   * Whether views come together to the plain one, where the image is to be right in its place.
   *
   * @default false
   */
  readonly settles?: boolean;
  /** See {@linkcode fourierImage}. */
  readonly falloff: number;
}

/** Share of the steps after which views that settle are the plain one. */
const SETTLED = 0.5;

/**
 * Ascends from a faint random image, in the spectrum and in decorrelated colours, each step seen
 * from another view, so that what comes out does not depend on exact places.
 *
 * @see Olah et al., "Feature Visualization", Distill, 2017
 */
export async function* fourierAscent(
  dims: readonly number[],
  input: ManifestInput,
  { gradientOf, run }: { readonly gradientOf: GradientFunction; readonly run: RunModel },
  { steps, rate, seed, views, settles = false, falloff }: FourierAscentOptions,
): AsyncGenerator<AscentPoint> {
  const { model, moments, nextMoments, next } = fourierImage(dims, input, falloff);
  const outputs = [next, ...nextMoments, FOURIER.nextComponents, FOURIER.image];
  const ground = midGrey(input);
  const zeros = float32(new Float32Array(elementCount(dims)), dims);
  const advance = async (feeds: Record<string, Tensor>, step: number) => {
    // Without slowing down, the noise of the views stays in the image.
    const slower = rate * (1 + Math.cos(Math.PI * (step - 1) / steps)) / 2;
    const all = { ...feeds, ...adamRates(slower, step) };
    const made = await run(model, all, outputs);
    return {
      image: made[FOURIER.image] as Tensor<"float32">,
      feeds: {
        [FOURIER.spectrum]: made[next],
        [FOURIER.components]: made[FOURIER.nextComponents],
        [moments[0]]: made[nextMoments[0]],
        [moments[1]]: made[nextMoments[1]],
      },
    };
  };
  // Without a gradient a step leads nowhere and only draws the image.
  let { image, feeds } = await advance({
    [FOURIER.spectrum]: randomSpectrum(dims, seed),
    [FOURIER.components]: zeros,
    [FOURIER.upstream]: zeros,
    [moments[0]]: zeros,
    [moments[1]]: zeros,
  }, 1);
  for (let step = 1; step <= steps; step++) {
    const share = settles ? Math.max(0, 1 - step / (SETTLED * steps)) : 1;
    const view = randomView(narrowed(views, share), seed, step);
    const { value, gradient } = await gradientOf(share > 0 ? see(image, view, ground) : image);
    const seen = float32(gradient, dims);
    const upstream = share > 0 ? adjoint(seen, view) : seen;
    ({ image, feeds } = await advance({ ...feeds, [FOURIER.upstream]: upstream }, step));
    yield { image, value };
  }
}

const narrowed = ({ shift, zoom, angle }: ViewRange, share: number): ViewRange => ({
  shift: share * shift,
  zoom: share * zoom,
  angle: share * angle,
});
