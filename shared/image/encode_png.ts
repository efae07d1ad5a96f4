import { encode } from "fast-png";
import type { Image } from "./image.ts";
import { isOpaque } from "./is_opaque.ts";

/**
 * The image as a PNG file, without loss; RGB when it is opaque, else RGBA. The same image gives
 * the same bytes.
 */
export function encodePng(image: Image): Uint8Array<ArrayBuffer> {
  const { width, height } = image;
  const channels = isOpaque(image) ? 3 : 4;
  const data = channels === 4 ? image.data : withoutAlpha(image);
  return new Uint8Array(encode({ width, height, channels, depth: 8, data }));
}

function withoutAlpha({ width, height, data }: Image): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; from < data.length; from += 4) {
    rgb[to++] = data[from];
    rgb[to++] = data[from + 1];
    rgb[to++] = data[from + 2];
  }
  return rgb;
}
