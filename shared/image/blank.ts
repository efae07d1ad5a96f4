import type { Color } from "./flatten_alpha.ts";
import type { Image } from "./image.ts";

/** An opaque image of one colour. */
export function blank(width: number, height: number, [red, green, blue]: Color): Image {
  const data = new Uint8ClampedArray(width * height * 4);
  new Uint32Array(data.buffer).fill((255 << 24 | blue << 16 | green << 8 | red) >>> 0);
  return { width, height, data };
}
