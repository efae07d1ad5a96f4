import type { Image } from "../image/image.ts";
import { deprocess, type ManifestInput } from "../models/mod.ts";
import { levelSpace } from "../optimize/mod.ts";
import { percentile } from "../tensor/stats.ts";
import { float32, type Tensor } from "../tensor/tensor.ts";

/** Levels from the mean image that a faint image is raised to, for all but its strongest values. */
const REACH = 100;
const SHARE = 99;

/** Below this, an image is shown as it is. */
const LEAST_FACTOR = 2;

/** An image as a person is shown it. */
export interface ShownImage {
  readonly image: Image;
  /** How many times the distances from the mean image were multiplied; 1 for as it is. */
  readonly contrast: number;
}

/**
 * A network's input as an image. One that is hardly different from the mean image, as published
 * recipes make them, is raised in contrast, as the papers print them too.
 */
export function shownImage(image: Tensor<"float32">, input: ManifestInput): ShownImage {
  const { data } = levelSpace(input).fromInput(image);
  const reach = percentile(data.map(Math.abs), SHARE);
  const factor = reach > 0 ? REACH / reach : 1;
  if (factor < LEAST_FACTOR) return { image: deprocess(image, input), contrast: 1 };
  const raised = float32(image.data.map((value) => factor * value), image.dims);
  return { image: deprocess(raised, input), contrast: factor };
}

/** For a caption: says how much the contrast was raised, if it was. */
export const raised = ({ contrast }: ShownImage): string =>
  contrast === 1 ? "" : `, contrast ${contrast.toFixed(0)} times as strong`;
