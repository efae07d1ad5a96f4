import { float32, type Tensor } from "../../tensor/tensor.ts";
import type { Window } from "./grid.ts";

/**
 * Each pixel's mean drop over the windows that cover it, as Captum's Occlusion.
 *
 * @param dims Shape of the input, [1, C, H, W]; the result has it too, all channels alike.
 * @param drops Score without minus score with the occluder, per window; NaN where not known yet.
 * @returns NaN where no known window covers the pixel.
 */
export function attributionOf(
  dims: readonly number[],
  windows: readonly Window[],
  drops: ArrayLike<number>,
): Tensor<"float32"> {
  const [, channels, height, width] = dims;
  // Differences at the corners, summed up along both axes, are the sums over covering windows.
  const line = width + 1;
  const sums = new Float64Array((height + 1) * line);
  const counts = new Int32Array(sums.length);
  const add = (corner: number, sum: number, count: number) => {
    sums[corner] += sum;
    counts[corner] += count;
  };
  for (const [i, { top, left, bottom, right }] of windows.entries()) {
    const drop = drops[i];
    if (Number.isNaN(drop)) continue;
    add(top * line + left, drop, 1);
    add(top * line + right, -drop, -1);
    add(bottom * line + left, -drop, -1);
    add(bottom * line + right, drop, 1);
  }
  for (let i = 0; i < sums.length; i++) {
    if (i % line > 0) add(i, sums[i - 1], counts[i - 1]);
  }
  for (let i = line; i < sums.length; i++) add(i, sums[i - line], counts[i - line]);
  const data = new Float32Array(channels * height * width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * line + x;
      // Where nothing counts, rounding can leave a sum that is not quite zero.
      data[y * width + x] = counts[at] === 0 ? NaN : sums[at] / counts[at];
    }
  }
  for (let channel = 1; channel < channels; channel++) {
    data.copyWithin(channel * height * width, 0, height * width);
  }
  return float32(data, dims);
}
