import { blurPlanes } from "../../image/blur.ts";
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

/** A mask at the size of an image, each pixel that of the canvas it lies in. */
export function enlargeMask(
  mask: Uint8Array,
  canvas: { readonly width: number; readonly height: number },
  { width, height }: Image,
): Uint8Array {
  const along = (extent: number, from: number) =>
    Uint32Array.from({ length: extent }, (_, i) => Math.floor((i + 0.5) * from / extent));
  const [columns, rows] = [along(width, canvas.width), along(height, canvas.height)];
  const result = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      result[y * width + x] = mask[rows[y] * canvas.width + columns[x]];
    }
  }
  return result;
}
