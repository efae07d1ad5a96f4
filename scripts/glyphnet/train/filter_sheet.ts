import { type Image, montage } from "../../../shared/image/mod.ts";
import type { Tensor } from "../../../shared/tensor/tensor.ts";

/** Pixels of the sheet, along each side, for one weight. */
const SCALE = 6;

/** The kernels [count, 3, height, width] of a first layer as images; grey is 0. */
export function filterSheet({ dims, data }: Tensor<"float32">): Image {
  const [count, , height, width] = dims;
  const perKernel = 3 * height * width;
  const tiles = Array.from(
    { length: count },
    (_, i) => image(data.subarray(i * perKernel, (i + 1) * perKernel), height, width),
  );
  return montage(tiles, { columns: 8 });
}

function image(kernel: Float32Array, height: number, width: number): Image {
  const largest = kernel.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-12);
  const data = new Uint8ClampedArray(height * width * SCALE * SCALE * 4).fill(255);
  for (let y = 0, at = 0; y < height * SCALE; y++) {
    for (let x = 0; x < width * SCALE; x++, at += 4) {
      const place = Math.floor(y / SCALE) * width + Math.floor(x / SCALE);
      for (let c = 0; c < 3; c++) {
        data[at + c] = 128 + 127 * kernel[c * height * width + place] / largest;
      }
    }
  }
  return { width: width * SCALE, height: height * SCALE, data };
}
