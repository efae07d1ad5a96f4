import type { Raster } from "./raster.ts";

/** The raster at a place on a larger, transparent one; the frame of an animation. */
export function placeOnCanvas(
  raster: Raster,
  { x, y }: { readonly x: number; readonly y: number },
  { width, height }: { readonly width: number; readonly height: number },
): Raster {
  if (raster.width === width && raster.height === height) return raster;
  const data = new Uint8ClampedArray(4 * width * height);
  for (let row = 0; row < raster.height; row++) {
    const line = raster.data.subarray(4 * row * raster.width, 4 * (row + 1) * raster.width);
    data.set(line, 4 * ((y + row) * width + x));
  }
  return { ...raster, width, height, data };
}
