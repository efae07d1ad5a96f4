import type { Colormap } from "../../../shared/image/colormap.ts";
import { type Grid, heatmap, type ValueRange } from "../../../shared/image/heatmap.ts";

/** Numbers as colours on a canvas with a pixel for each, to be drawn at any size. */
export function heatCanvas(grid: Grid, colormap: Colormap, range: ValueRange): OffscreenCanvas {
  const { width, height, data } = heatmap(grid, colormap, range);
  const canvas = new OffscreenCanvas(width, height);
  const pixels = new ImageData(new Uint8ClampedArray(data), width, height);
  canvas.getContext("2d")!.putImageData(pixels, 0, 0);
  return canvas;
}
