import type { Panel } from "../figure/mod.ts";
import type { Image } from "../image/image.ts";

/** One image that fills its panel. */
export function imagePanel(
  image: Image,
  words: Pick<Panel, "id" | "title" | "text" | "drawnWidth">,
): Panel {
  const { width, height } = image;
  return { ...words, width, height, layers: [{ kind: "image", image }] };
}
