import {
  crossEntropy,
  differentiate,
  type Objective,
  powerSum,
  relativeDistance,
  weightedSum,
} from "../grad/mod.ts";
import { elementCount, type Tensor } from "../tensor/tensor.ts";
import type { AscentPoint, GradientFunction } from "./ascend.ts";
import { fourierAscent, type FourierAscentOptions, type RunModel } from "./fourier_ascent.ts";
import { inLevels } from "./level_space.ts";
import { FEATURES, type Inverted, refuseZeros } from "./inverted.ts";
import { NATURAL_LEVELS } from "./start_image.ts";

/** Of Adam in the spectrum at the start; larger ones drive colours to their ends. */
const RATE = 0.06;

/** Strength of the mean square of levels, over that of natural images. */
const CONTRAST = 0.025;

/** Strength of the cross-entropy of the classes. */
const CLASSES = 0.03;

/** Name of the input that takes the probabilities of the original. */
const PROBABILITIES = "inversion/probabilities";

/**
 * Steeper than natural images: what is left of fine patterns keeps other networks from seeing what the
 * image shows.
 */
const FALLOFF = 1.5;

/** The layer whose features are inverted, with what they say of classes. */
export interface InvertedSpectrum extends Inverted {
  /** The scores, where they follow from the layer alone, and their softmax for the original. */
  readonly classes?: { readonly logits: string; readonly probabilities: Tensor<"float32"> };
}

export type FourierInversionOptions = Pick<FourierAscentOptions, "steps" | "seed" | "views">;

/**
 * Descends from a faint random image to one whose features are near the given ones: their squared
 * distance over the squared norm of the given. Where classes follow from the features, they are met
 * too, which weighs up what tells classes apart; and contrast costs. The image is written as its spectrum in decorrelated
 * colours, so that a step changes all frequencies as natural images have them, and is seen from
 * changing views, which come together to the plain one. So features are met by shapes that other
 * networks see too, rather than by a pattern of pixels.
 *
 * @throws {InputError} If the features are all zeros.
 * @see Olah et al., "Feature Visualization", Distill, 2017
 */
export function fourierInversion(
  inverted: InvertedSpectrum,
  run: RunModel,
  { steps, seed, views }: FourierInversionOptions,
): AsyncGenerator<AscentPoint> {
  refuseZeros(inverted);
  const { model: network, inputName, dims, input, features, classes } = inverted;
  const { model } = differentiate(network, {
    objective: objectiveOf(inverted),
    wrt: [inputName],
    inputs: { [inputName]: dims },
  });
  const outputs = ["grad/objective", `grad/${inputName}`];
  const gradientOf: GradientFunction = async (image) => {
    const feeds = {
      ...{ [inputName]: image, [FEATURES]: features },
      ...classes && { [PROBABILITIES]: classes.probabilities },
    };
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

/** What is raised: minus the distance, what the classes miss, and the contrast. */
function objectiveOf({ inputName, dims, input, layer, classes }: InvertedSpectrum): Objective {
  const natural = NATURAL_LEVELS ** 2 * elementCount(dims);
  return weightedSum([
    [-1, relativeDistance(layer, FEATURES)],
    [-CONTRAST / natural, inLevels(inputName, input, (levels) => powerSum(levels, 2))],
    ...classes ? [[-CLASSES, crossEntropy(classes.logits, PROBABILITIES)] as const] : [],
  ]);
}
