import { InputError } from "../errors.ts";
import type { Image } from "./image.ts";

/** A rectangle of whole pixels; (left, top) belongs to it. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * A copy of the pixels of `box`.
 *
 * @throws {RangeError} If the box is empty, does not lie on whole pixels or leaves the image.
 */
export function crop(image: Image, box: Box): Image {
  checkBox(box, image.width, image.height);
  const { left, top, width, height } = box;
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    const from = 4 * ((top + y) * image.width + left);
    data.set(image.data.subarray(from, from + 4 * width), 4 * y * width);
  }
  return { width, height, data };
}

/** @throws {RangeError} If the box does not lie in an image of `width` x `height`. */
export function checkBox(box: Box, width: number, height: number): void {
  const { left, top } = box;
  const fits = [left, top, box.width, box.height].every(Number.isInteger) &&
    left >= 0 && top >= 0 && box.width > 0 && box.height > 0 &&
    left + box.width <= width && top + box.height <= height;
  if (!fits) {
    throw new InputError(
      `Cannot crop ${box.width} x ${box.height} at (${left}, ${top}): ` +
        `the image is ${width} x ${height}`,
    );
  }
}
