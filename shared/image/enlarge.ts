import { InputError } from "../errors.ts";
import type { Image } from "./image.ts";

/**
 * Every pixel as a square of `factor` x `factor`, so that single values stay apart.
 *
 * @throws {RangeError} If the factor is not a whole number above zero.
 */
export function enlarge(image: Image, factor: number): Image {
  if (!Number.isInteger(factor) || factor < 1) {
    throw new InputError(`Cannot enlarge by ${factor}: valid are whole numbers above zero`);
  }
  const [width, height] = [image.width * factor, image.height * factor];
  const from = new Uint32Array(image.data.slice().buffer);
  const to = new Uint32Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / factor) * image.width;
    for (let x = 0; x < width; x++) to[y * width + x] = from[row + Math.floor(x / factor)];
  }
  return { width, height, data: new Uint8ClampedArray(to.buffer) };
}
