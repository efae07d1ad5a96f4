import type { Image } from "../../../shared/image/image.ts";
import type { Scene } from "./scene.ts";

/** The owners of a scene's pixels as grey levels: 0 is the background, i + 1 object i. */
export function maskImage({ image: { width, height }, owner }: Scene): Image {
  const data = new Uint8ClampedArray(4 * owner.length).fill(255);
  owner.forEach((value, i) => data.fill(value, 4 * i, 4 * i + 3));
  return { width, height, data };
}
