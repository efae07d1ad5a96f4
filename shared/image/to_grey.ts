import type { Image } from "./image.ts";

const known = new WeakMap<Image, Image>();

/** The image in grey, by ITU-R BT.601 luma; the same object for the same image. */
export function toGrey(image: Image): Image {
  const before = known.get(image);
  if (before) return before;
  const data = image.data.slice();
  for (let i = 0; i < data.length; i += 4) {
    data.fill(0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2], i, i + 3);
  }
  const grey = { width: image.width, height: image.height, data };
  known.set(image, grey);
  return grey;
}
