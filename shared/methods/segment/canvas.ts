import { type Placed, placementOf, type Rect } from "../../figure/mod.ts";
import { type Grid, type Image, resize, sampleGrid } from "../../image/mod.ts";
import type { Stroke } from "./strokes.ts";

/** Pixels on the longer side that the cut runs on: it takes seconds for 0.5 megapixels. */
const MOST_SIDE = 640;

/** The source image at a size that can be cut, and where the network's input lies in it. */
export interface Canvas {
  readonly image: Image;
  /** In pixels of the canvas. */
  readonly at: Rect;
  /** Pixels of the canvas for one of the input, across and down. */
  readonly factors: readonly [number, number];
}

export function canvasOf(input: Placed): Canvas {
  const { source, at } = placementOf(input);
  const factor = Math.min(1, MOST_SIDE / Math.max(source.width, source.height));
  const [width, height] = [source.width, source.height]
    .map((side) => Math.max(1, Math.round(side * factor)));
  const [x, y] = [width / source.width, height / source.height];
  const place = { left: at.left * x, top: at.top * y, width: at.width * x, height: at.height * y };
  return {
    image: factor < 1 ? resize(source, width, height) : source,
    at: place,
    factors: [place.width / input.image.width, place.height / input.image.height],
  };
}

/** A map of the input on the canvas; NaN where the network saw nothing. */
export function mapOnCanvas({ image: { width, height }, at }: Canvas, map: Grid): Float32Array {
  return Float32Array.from({ length: width * height }, (_, i) => {
    const u = (i % width + 0.5 - at.left) / at.width;
    const v = (Math.floor(i / width) + 0.5 - at.top) / at.height;
    return u >= 0 && u < 1 && v >= 0 && v < 1 ? sampleGrid(map, u, v) : NaN;
  });
}

/** A stroke in pixels of the input, in those of the canvas. */
export function strokeOnCanvas({ at, factors: [x, y] }: Canvas, stroke: Stroke): Stroke {
  return {
    ...stroke,
    radius: stroke.radius * Math.sqrt(x * y),
    points: stroke.points.map((point) => ({ x: at.left + point.x * x, y: at.top + point.y * y })),
  };
}
