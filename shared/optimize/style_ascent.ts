import {
  gramDistance,
  type Objective,
  relativeDistance,
  totalVariation,
  weightedSum,
} from "../grad/mod.ts";
import { elementCount, type Tensor } from "../tensor/tensor.ts";
import type { AscentPoint } from "./ascend.ts";
import type { RunModel } from "./fourier_ascent.ts";
import { inLevels } from "./level_space.ts";
import { NATURAL_LEVELS } from "./start_image.ts";
import { imageAscent, type ImageNetwork } from "./image_ascent.ts";

/** What the image shall keep, and what it shall take on. */
export interface Styled extends ImageNetwork {
  readonly content: { readonly layer: string; readonly features: Tensor<"float32"> };
  /** The Gram matrix [C, C] of each layer, divided by its positions. */
  readonly styles: readonly { readonly layer: string; readonly gram: Tensor<"float32"> }[];
}

export interface StyleOptions {
  readonly start: Tensor<"float32">;
  readonly steps: number;
  /** Weight of the style against the content; both are relative distances. */
  readonly weight: number;
  /** Strength of the total variation, in the units of inversion. */
  readonly tv: number;
}

const FEATURES = "style/content";

/** What the Gram matrix of a layer is called in models that have one. */
export const gramName = (layer: string): string => `style/gram/${layer}`;

/**
 * Descends to an image whose features in one layer is near the content's, and whose channels occur
 * together, in several layers, as in the style.
 *
 * @see Gatys, Ecker and Bethge, "Image Style Transfer Using Convolutional Neural Networks", 2016
 */
export function styleAscent(
  styled: Styled,
  run: RunModel,
  { start, steps, weight, tv }: StyleOptions,
): AsyncGenerator<AscentPoint> {
  const { inputName, dims, input, content, styles } = styled;
  const objective: Objective = weightedSum([
    [-1, relativeDistance(content.layer, FEATURES)],
    ...styles.map(({ layer }) =>
      [-weight / styles.length, gramDistance(layer, gramName(layer))] as const
    ),
    [
      -0.5 * tv / (NATURAL_LEVELS ** 2 * elementCount(dims)),
      inLevels(inputName, input, totalVariation),
    ],
  ]);
  return imageAscent(styled, run, {
    objective,
    feeds: {
      [FEATURES]: content.features,
      ...Object.fromEntries(styles.map(({ layer, gram }) => [gramName(layer), gram])),
    },
    start,
    optimizer: "adam",
    steps,
  });
}
