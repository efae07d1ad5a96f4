import { InputError } from "../errors.ts";
import { type Box, checkBox } from "./crop.ts";
import { type Image, isOpaque } from "./image.ts";

export interface ResizeOptions {
  /**
   * The part of the resized image that is wanted. Equal to cropping afterwards, and costs no more
   * than that part: a panorama's short side can be enlarged without its long side.
   *
   * @default all of it
   */
  readonly crop?: Box;
}

/** Fraction bits of the weights: 8 bits of pixel, 2 of head room, 22 of weight. */
const PRECISION = 22;
const HALF = 1 << (PRECISION - 1);

/**
 * Resizes with an antialiased bilinear filter: a triangle that widens with the factor of shrinking.
 * Equal to Pillow's `Image.resize(size, Image.BILINEAR)`, to the last bit: two passes, horizontal
 * first, with weights of 22 bits and 8-bit pixels between them. Colours are weighted by alpha.
 *
 * @throws {RangeError} If a side is not a whole number above zero, or the crop leaves the image.
 * @see Pillow, `src/libImaging/Resample.c`
 */
export function resize(
  image: Image,
  width: number,
  height: number,
  options: ResizeOptions = {},
): Image {
  if (![width, height].every((side) => Number.isInteger(side) && side > 0)) {
    throw new InputError(`Cannot resize to ${width} x ${height}: sides are whole and above zero`);
  }
  const box = options.crop ?? { left: 0, top: 0, width, height };
  checkBox(box, width, height);
  const columns = weights(image.width, width, box.left, box.width);
  const rows = weights(image.height, height, box.top, box.height);
  const opaque = isOpaque(image);
  const source = opaque ? image.data : premultiply(image.data);
  const first = rows.starts[0];
  const last = rows.starts[box.height - 1] + rows.counts[box.height - 1];
  const middle = horizontalPass(source, image.width, first, last - first, columns);
  const data = verticalPass(middle, box.width, first, rows);
  if (!opaque) unpremultiply(data);
  return { width: box.width, height: box.height, data };
}

/** For each output: its first input, the number of them, and their weights. */
interface Weights {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  /** `most` weights an output. */
  readonly values: Int32Array;
  readonly most: number;
}

/** Weights of outputs `from` to `from + count` of `outputs`, over `inputs` samples. */
function weights(inputs: number, outputs: number, from: number, count: number): Weights {
  const scale = inputs / outputs;
  const reach = Math.max(scale, 1);
  const most = Math.ceil(reach) * 2 + 1;
  const starts = new Int32Array(count);
  const counts = new Int32Array(count);
  const values = new Int32Array(count * most);
  const triangle = new Float64Array(most);
  for (let i = 0; i < count; i++) {
    const center = (from + i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(center - reach + 0.5));
    const end = Math.min(inputs, Math.trunc(center + reach + 0.5));
    let sum = 0;
    for (let k = 0; k < end - start; k++) {
      triangle[k] = Math.max(0, 1 - Math.abs((start + k - center + 0.5) / reach));
      sum += triangle[k];
    }
    for (let k = 0; k < end - start; k++) {
      values[i * most + k] = Math.trunc(0.5 + triangle[k] / sum * (1 << PRECISION));
    }
    starts[i] = start;
    counts[i] = end - start;
  }
  return { starts, counts, values, most };
}

/** Rows `first` to `first + rowCount`, each resampled along x. */
function horizontalPass(
  source: Uint8ClampedArray,
  sourceWidth: number,
  first: number,
  rowCount: number,
  { starts, counts, values, most }: Weights,
): Uint8ClampedArray {
  const width = starts.length;
  const result = new Uint8ClampedArray(width * rowCount * 4);
  let to = 0;
  for (let y = 0; y < rowCount; y++) {
    const row = (first + y) * sourceWidth;
    for (let x = 0; x < width; x++) {
      let [r, g, b, a] = [HALF, HALF, HALF, HALF];
      let from = 4 * (row + starts[x]);
      for (let k = x * most; k < x * most + counts[x]; k++, from += 4) {
        const weight = values[k];
        r += source[from] * weight;
        g += source[from + 1] * weight;
        b += source[from + 2] * weight;
        a += source[from + 3] * weight;
      }
      result[to++] = r >> PRECISION;
      result[to++] = g >> PRECISION;
      result[to++] = b >> PRECISION;
      result[to++] = a >> PRECISION;
    }
  }
  return result;
}

/** Resamples along y; row 0 of `source` is row `first` of the image. */
function verticalPass(
  source: Uint8ClampedArray,
  width: number,
  first: number,
  { starts, counts, values, most }: Weights,
): Uint8ClampedArray {
  const height = starts.length;
  const stride = 4 * width;
  const result = new Uint8ClampedArray(stride * height);
  const sums = new Int32Array(stride);
  for (let y = 0; y < height; y++) {
    sums.fill(HALF);
    let from = (starts[y] - first) * stride;
    for (let k = y * most; k < y * most + counts[y]; k++) {
      const weight = values[k];
      for (let i = 0; i < stride; i++) sums[i] += source[from++] * weight;
    }
    for (let i = 0; i < stride; i++) result[y * stride + i] = sums[i] >> PRECISION;
  }
  return result;
}

function premultiply(data: Uint8ClampedArray): Uint8ClampedArray {
  const result = data.slice();
  for (let i = 0; i < result.length; i += 4) {
    for (let c = i; c < i + 3; c++) result[c] = divideBy255(data[c] * data[i + 3]);
  }
  return result;
}

function unpremultiply(data: Uint8ClampedArray): void {
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3];
    if (alpha === 0 || alpha === 255) continue;
    for (let c = i; c < i + 3; c++) data[c] = Math.trunc(255 * data[c] / alpha);
  }
}

/** Rounded division by 255 as Pillow does it. */
function divideBy255(value: number): number {
  const biased = value + 128;
  return (biased + (biased >> 8)) >> 8;
}
