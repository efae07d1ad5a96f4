import type { Tensor } from "../../tensor/tensor.ts";

/**
 * Total activation of one channel of feature maps [N, C, h, w], in row-major order.
 *
 * @param row Which input of the batch.
 */
export function sumOfChannel({ dims, data }: Tensor, channel: number, row = 0): number {
  const [, channels, height, width] = dims;
  const first = (row * channels + channel) * height * width;
  let sum = 0;
  for (let i = first; i < first + height * width; i++) sum += Number(data[i]);
  return sum;
}

/** Total activation of each channel. */
export function totals(maps: Tensor): number[] {
  return Array.from({ length: maps.dims[1] }, (_, channel) => sumOfChannel(maps, channel));
}
