import { blurPlanes } from "../../optimize/mod.ts";
import { float32 } from "../../tensor/tensor.ts";
import { type Image, sampleGrid } from "../../image/mod.ts";

/** Pixels of the canvas over which an edge fades. */
const SIGMA = 0.7;

/**
 * A mask at the size of an image, its edge soft.
 *
 * @param mask 1 for the foreground, row by row.
 * @returns 0..255 for each pixel of the image.
 */
export function softMask(
  mask: Uint8Array,
  canvas: { readonly width: number; readonly height: number },
  { width, height }: Image,
): Uint8ClampedArray {
  const { width: columns, height: rows } = canvas;
  const dims = [1, 1, rows, columns];
  const values = blurPlanes(float32(Float32Array.from(mask), dims), SIGMA).data;
  const grid = { width: columns, height: rows, values };
  return Uint8ClampedArray.from(
    { length: width * height },
    (_, i) =>
      Math.round(
        255 * sampleGrid(grid, (i % width + 0.5) / width, (Math.floor(i / width) + 0.5) / height),
      ),
  );
}
