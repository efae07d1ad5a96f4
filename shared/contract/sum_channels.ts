import type { Grid } from "../image/heatmap.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** The sum over the channels of [1, C, H, W], at each place. */
export function sumChannels({ data, dims }: Tensor<"float32">): Grid & { values: Float32Array } {
  const [, channels, height, width] = dims;
  const area = height * width;
  const values = Float32Array.from({ length: area }, (_, i) => {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += data[c * area + i];
    return sum;
  });
  return { width, height, values };
}
