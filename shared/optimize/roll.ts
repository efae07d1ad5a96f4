import { float32, type Tensor } from "../tensor/tensor.ts";

/** Planes [1, C, H, W] moved by (`down`, `right`); what leaves at one edge enters at the other. */
export function roll(
  { data, dims }: Tensor<"float32">,
  down: number,
  right: number,
): Tensor<"float32"> {
  const [, channels, height, width] = dims;
  const result = new Float32Array(data.length);
  const wrap = (at: number, extent: number) => ((at % extent) + extent) % extent;
  for (let row = 0; row < channels * height; row++) {
    const [plane, y] = [Math.floor(row / height), row % height];
    const to = (plane * height + wrap(y + down, height)) * width;
    for (let x = 0; x < width; x++) result[to + wrap(x + right, width)] = data[row * width + x];
  }
  return float32(result, dims);
}
