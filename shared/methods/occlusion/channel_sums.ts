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

interface Extent {
  readonly start: number;
  readonly size: number;
}

/** Total activation of one channel of feature maps [1, C, h, w], in some rows and columns. */
export function sumOfArea(
  { dims, data }: Tensor,
  channel: number,
  rows: Extent,
  columns: Extent,
): number {
  const [, , height, width] = dims;
  let sum = 0;
  for (let y = rows.start; y < rows.start + rows.size; y++) {
    const row = (channel * height + y) * width + columns.start;
    for (let x = 0; x < columns.size; x++) sum += Number(data[row + x]);
  }
  return sum;
}
