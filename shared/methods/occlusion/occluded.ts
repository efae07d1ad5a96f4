import { elementCount, float32, type Tensor } from "../../tensor/tensor.ts";
import type { Window } from "./grid.ts";

/** One copy of the input for each window, with the occluder there. */
export function occluded(
  input: Tensor<"float32">,
  shown: Tensor<"float32">,
  windows: readonly Window[],
): Tensor<"float32"> {
  const [, channels, height, width] = input.dims;
  const size = elementCount(input.dims);
  const data = new Float32Array(windows.length * size);
  for (const [n, { top, left, bottom, right }] of windows.entries()) {
    const copy = data.subarray(n * size, (n + 1) * size);
    copy.set(input.data);
    for (let channel = 0; channel < channels; channel++) {
      for (let y = top; y < bottom; y++) {
        const row = (channel * height + y) * width;
        copy.set(shown.data.subarray(row + left, row + right), row + left);
      }
    }
  }
  return float32(data, [windows.length, channels, height, width]);
}
