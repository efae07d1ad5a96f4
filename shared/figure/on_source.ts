import { type Image, toGrey } from "../image/image.ts";
import type { Layer, Panel, Rect } from "./figure.ts";

/** An image at its own resolution, and where in it the network's input is. */
export interface Placement {
  readonly source: Image;
  /** In pixels of the source; larger than the source where the input was padded. */
  readonly at: Rect;
}

/** The input as the network sees it, and where it was taken from. */
export interface Placed {
  readonly image: Image;
  /** @default the image is its own source */
  readonly placement?: Placement;
}

/** What the lowest layer shows: the source in colour, or in grey, so that colours mean numbers. */
export type Ground = "colour" | "grey";

/** The source image, and the rectangle of it that the network sees. */
export function placementOf({ image, placement }: Placed): Placement {
  const { width, height } = image;
  return placement ?? { source: image, at: { left: 0, top: 0, width, height } };
}

/**
 * The extent and the layers of a panel that shows something over its source image; what the network
 * did not see is dimmed.
 *
 * @param layers Over the source, for the rectangle that the network sees.
 */
export function onSource(
  input: Placed,
  ground: Ground,
  layers: (at: Rect) => readonly Layer[] = () => [],
): Pick<Panel, "width" | "height" | "layers"> {
  const { source, at } = placementOf(input);
  const image = ground === "grey" ? toGrey(source) : source;
  return {
    width: source.width,
    height: source.height,
    layers: [{ kind: "image", image }, ...layers(at), { kind: "seen", at }],
  };
}
