import type { Network } from "../../shared/network/network.ts";
import { float32, type Tensor } from "../../shared/tensor/tensor.ts";
import type { MadeUnit } from "./make_unit.ts";
import { median } from "../../shared/tensor/stats.ts";

/** Activations of images over those of others, the medians of some units. */
export interface Likeness {
  /** Units that were compared. */
  readonly units: number;
  /** Of the largest activation, each image fed as it is. */
  readonly peak: number;
  /** Of the mean activation, the middle of the larger image fed at the size of the smaller. */
  readonly mean: number;
}

/** Compares images of a layer's units with larger ones; units that no image activates are left out. */
export async function compareSyntheses(
  network: Network,
  layer: string,
  made: readonly MadeUnit[],
  others: readonly MadeUnit[],
): Promise<Likeness> {
  const peaks: number[] = [];
  const means: number[] = [];
  for (const [i, { channel, image }] of made.entries()) {
    const other = others[i].image;
    const [own, whole, middle] = [image, other, middleOf(other, image.dims)];
    const { peak, mean } = await activation(network, layer, channel, own);
    const theirs = await activation(network, layer, channel, whole);
    if (Math.max(peak, theirs.peak) <= 0) continue;
    peaks.push(peak / theirs.peak);
    means.push(mean / (await activation(network, layer, channel, middle)).mean);
  }
  return { units: peaks.length, peak: median(peaks), mean: median(means) };
}

async function activation(
  network: Network,
  layer: string,
  channel: number,
  image: Tensor<"float32">,
): Promise<{ peak: number; mean: number }> {
  const { [layer]: { data, dims } } = await network.forward(image, [layer]);
  const area = dims[2] * dims[3];
  const plane = (data as Float32Array).subarray(channel * area, (channel + 1) * area);
  return {
    peak: plane.reduce((a, b) => Math.max(a, b), -Infinity),
    mean: plane.reduce((sum, value) => sum + value, 0) / area,
  };
}

/** The middle of an image [1, C, H, W], as large as `dims` says. */
function middleOf(
  { data, dims: [, planes, rows, columns] }: Tensor<"float32">,
  dims: readonly number[],
): Tensor<"float32"> {
  const [, , height, width] = dims;
  const [top, left] = [(rows - height) >> 1, (columns - width) >> 1];
  const cut = new Float32Array(planes * height * width);
  for (let p = 0; p < planes; p++) {
    for (let y = 0; y < height; y++) {
      const from = (p * rows + top + y) * columns + left;
      cut.set(data.subarray(from, from + width), (p * height + y) * width);
    }
  }
  return float32(cut, dims);
}
