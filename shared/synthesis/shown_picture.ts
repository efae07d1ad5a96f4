import type { Image } from "../image/image.ts";
import { deprocess, type ManifestInput } from "../models/mod.ts";
import { levelSpace, percentile } from "../optimize/mod.ts";
import { float32, type Tensor } from "../tensor/tensor.ts";

/** Levels from the mean picture that a faint picture is raised to, for all but its strongest values. */
const REACH = 100;
const SHARE = 99;

/** Below this, a picture is shown as it is. */
const LEAST_FACTOR = 2;

/** A picture as a person is shown it. */
export interface ShownPicture {
  readonly image: Image;
  /** How many times the distances from the mean picture were multiplied; 1 for as it is. */
  readonly contrast: number;
}

/**
 * A network's input as a picture. One that is hardly different from the mean picture, as published
 * recipes make them, is raised in contrast, as the papers print them too.
 */
export function shownPicture(picture: Tensor<"float32">, input: ManifestInput): ShownPicture {
  const { data } = levelSpace(input).fromInput(picture);
  const reach = percentile(data.map(Math.abs), SHARE);
  const factor = reach > 0 ? REACH / reach : 1;
  if (factor < LEAST_FACTOR) return { image: deprocess(picture, input), contrast: 1 };
  const raised = float32(picture.data.map((value) => factor * value), picture.dims);
  return { image: deprocess(raised, input), contrast: factor };
}

/** For a caption: says how much the contrast was raised, if it was. */
export const raised = ({ contrast }: ShownPicture): string =>
  contrast === 1 ? "" : `, contrast ${contrast.toFixed(0)} times as strong`;
