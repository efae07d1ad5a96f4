import { type Color, WHITE } from "./flatten_alpha.ts";
import type { Image } from "./image.ts";

/** The colour that every pixel of the image has on white; undefined if they differ. */
export function onlyColor({ data }: Image): Color | undefined {
  const at = (i: number) => {
    const alpha = data[i + 3] / 255;
    return WHITE.map((white, c) => Math.round(alpha * data[i + c] + (1 - alpha) * white));
  };
  const [red, green, blue] = at(0);
  for (let i = 4; i < data.length; i += 4) {
    const [r, g, b] = at(i);
    if (r !== red || g !== green || b !== blue) return undefined;
  }
  return [red, green, blue];
}
