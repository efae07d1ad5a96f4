import type { Image } from "./image.ts";
import { isOpaque } from "./is_opaque.ts";

export type Color = readonly [red: number, green: number, blue: number];

export const WHITE: Color = [255, 255, 255];

/** The image as it looks on a ground of one colour; opaque. The same object if it was already. */
export function flattenAlpha(image: Image, ground: Color = WHITE): Image {
  if (isOpaque(image)) return image;
  const data = new Uint8ClampedArray(image.data.length);
  for (let i = 0; i < data.length; i += 4) {
    const alpha = image.data[i + 3] / 255;
    for (let c = 0; c < 3; c++) {
      data[i + c] = alpha * image.data[i + c] + (1 - alpha) * ground[c];
    }
    data[i + 3] = 255;
  }
  return { width: image.width, height: image.height, data };
}
