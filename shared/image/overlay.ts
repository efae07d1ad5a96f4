import { InputError } from "../errors.ts";
import type { Image } from "./image.ts";
import { colorAt, type Colormap } from "./colormap.ts";
import { type Grid, positionOf, sampleGrid, type ValueRange, valueRange } from "./heatmap.ts";

export interface OverlayOptions {
  /** @default the range of all values */
  readonly range?: ValueRange;
  /**
   * Share of the map in the result, 0..1.
   *
   * @default 0.6
   */
  readonly opacity?: number;
}

/**
 * The image in grey with a map of numbers over it, so that the map's colours mean only numbers.
 * The map is stretched over the image; values between its points are interpolated.
 *
 * @throws {RangeError} If the opacity lies outside 0..1.
 */
export function overlay(
  image: Image,
  grid: Grid,
  map: Colormap,
  options: OverlayOptions = {},
): Image {
  const { range = valueRange(grid.values, map.kind), opacity = 0.6 } = options;
  if (!(opacity >= 0 && opacity <= 1)) {
    throw new InputError(`Cannot blend with an opacity of ${opacity}: valid is 0 to 1`);
  }
  const { width, height } = image;
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 4 * (y * width + x);
      const [r, g, b] = image.data.subarray(at, at + 3);
      const gray = 0.299 * r + 0.587 * g + 0.114 * b;
      const value = sampleGrid(grid, (x + 0.5) / width, (y + 0.5) / height);
      const color = colorAt(map, positionOf(value, range));
      for (let c = 0; c < 3; c++) data[at + c] = (1 - opacity) * gray + opacity * color[c];
    }
  }
  return { width, height, data };
}
