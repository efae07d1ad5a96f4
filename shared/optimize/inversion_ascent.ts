import {
  type Objective,
  powerSum,
  relativeDistance,
  totalVariation,
  weightedSum,
} from "../grad/mod.ts";
import { elementCount, type Tensor } from "../tensor/tensor.ts";
import type { AscentPoint } from "./ascend.ts";
import type { RunModel } from "./fourier_ascent.ts";
import { inLevels } from "./level_space.ts";
import { NATURAL_LEVELS, naturalNoise } from "./start_image.ts";
import { imageAscent, type ImageAscentOptions } from "./image_ascent.ts";
import { FEATURES, type Inverted, refuseZeros } from "./inverted.ts";

/** Exponent of the penalty on levels that are far out. */
const ALPHA = 6;

/** Its strength, for levels. */
const ALPHA_STRENGTH = 8e-10;

/** The layer whose features are inverted, as pixels need it. */
export interface InvertedPixels extends Inverted {
  /** What the layer is of the mean image. */
  readonly meanCode: Tensor<"float32">;
}

export interface PixelInversionOptions
  extends Pick<ImageAscentOptions, "optimizer" | "steps" | "jitter"> {
  /** Strength of the total variation, in the paper's units. */
  readonly tv: number;
  /** Strength of the penalty on levels far from the mean, as a multiple of the published one. */
  readonly alpha: number;
  readonly seed: number;
}

/**
 * Descends from noise to an image whose features is near the given one: the squared distance of the
 * features over the squared norm of the given, and penalties on levels far from the mean and on
 * differences of neighbours. Momentum is the published way.
 *
 * Features of some layers, such as scores, have a large part that is the same for all images. The
 * penalties are weaker by as much as the features tells less of an image than its norm: by the squared
 * ratio of its distance from the features of the mean image and its norm.
 *
 * @throws {InputError} If the features are all zeros.
 * @see Mahendran and Vedaldi, "Understanding Deep Image Representations by Inverting Them", 2015
 */
export function inversionAscent(
  inverted: InvertedPixels,
  run: RunModel,
  { optimizer, steps, tv, alpha, jitter, seed }: PixelInversionOptions,
): AsyncGenerator<AscentPoint> {
  const { dims, input, features, meanCode } = inverted;
  refuseZeros(inverted);
  const share = shareOfImage(features.data, meanCode.data);
  return imageAscent(inverted, run, {
    objective: objectiveOf(inverted, { tv: share * tv, alpha: share * alpha }),
    feeds: { [FEATURES]: features },
    start: naturalNoise(dims, input, seed),
    optimizer,
    steps,
    jitter,
    seed,
  });
}

/** What is raised: minus the distance and the penalties. */
function objectiveOf(
  { inputName, dims, input, layer }: Inverted,
  { tv, alpha }: Pick<PixelInversionOptions, "tv" | "alpha">,
): Objective {
  // The published features halves the penalties and divides them by the squared norm of an image.
  const share = -0.5 / (NATURAL_LEVELS ** 2 * elementCount(dims));
  return weightedSum([
    [-1, relativeDistance(layer, FEATURES)],
    [share * alpha * ALPHA_STRENGTH, inLevels(inputName, input, (x) => powerSum(x, ALPHA))],
    [share * tv, inLevels(inputName, input, totalVariation)],
  ]);
}

/** How much of features, of its square, is due to the image; 1 for the mean image itself. */
function shareOfImage(features: Float32Array, meanCode: Float32Array): number {
  let [apart, whole] = [0, 0];
  for (let i = 0; i < features.length; i++) {
    apart += (features[i] - meanCode[i]) ** 2;
    whole += features[i] ** 2;
  }
  return Math.min(1, apart / whole) || 1;
}
