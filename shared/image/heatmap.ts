import { colorAt, type Colormap } from "./colormap.ts";
import type { Image } from "./image.ts";
import { InputError } from "../errors.ts";

/** The numbers that a colour map's two ends stand for. */
export interface ValueRange {
  readonly min: number;
  readonly max: number;
}

/** Numbers on a grid, row by row. */
export interface Grid {
  readonly width: number;
  readonly height: number;
  readonly values: ArrayLike<number>;
}

/**
 * The range that shows all finite values. For a diverging map it is symmetric, so that zero has the
 * middle colour.
 */
export function valueRange(values: ArrayLike<number>, kind: Colormap["kind"]): ValueRange {
  let [min, max] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  if (min > max) [min, max] = [0, 0];
  if (kind === "sequential") return { min, max };
  const most = Math.max(Math.abs(min), Math.abs(max));
  return { min: -most, max: most };
}

/** Where a value lies in a range, as 0..1; the middle if the range is empty. */
export function positionOf(value: number, { min, max }: ValueRange): number {
  return max > min ? (value - min) / (max - min) : 0.5;
}

/** A pixel for each value. */
export function heatmap(
  { width, height, values }: Grid,
  map: Colormap,
  range: ValueRange = valueRange(values, map.kind),
): Image {
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) {
    data.set(colorAt(map, positionOf(values[i], range)), 4 * i);
  }
  return { width, height, data };
}

/** The value at (u, v) of 0..1, bilinear between the middles of the grid's cells. */
export function sampleGrid({ width, height, values }: Grid, u: number, v: number): number {
  const x = Math.min(width - 1, Math.max(0, u * width - 0.5));
  const y = Math.min(height - 1, Math.max(0, v * height - 0.5));
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [right, bottom] = [Math.min(left + 1, width - 1), Math.min(top + 1, height - 1)];
  const [fx, fy] = [x - left, y - top];
  const row = (at: number) =>
    (1 - fx) * values[at * width + left] + fx * values[at * width + right];
  return (1 - fy) * row(top) + fy * row(bottom);
}

/** The grid stretched to `width` x `height` values, as PyTorch interpolates without aligned corners. */
export function stretchGrid(grid: Grid, width: number, height: number): Float32Array {
  return Float32Array.from(
    { length: width * height },
    (_, i) => sampleGrid(grid, (i % width + 0.5) / width, (Math.floor(i / width) + 0.5) / height),
  );
}

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
