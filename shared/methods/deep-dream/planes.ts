/** Arithmetic on images as tensors [1, C, H, W], and changes of their size. */
import { float32, type Tensor } from "../../tensor/tensor.ts";

type Planes = Tensor<"float32">;

/** Interpolated linearly to another size, corner on corner. */
export function zoomTo(planes: Planes, height: number, width: number): Planes {
  const stretch = (extent: number, to: number) =>
    Array.from({ length: to }, (_, i) => to === 1 ? 0 : i * (extent - 1) / (to - 1));
  const [, , from, across] = planes.dims;
  return sample(planes, stretch(from, height), stretch(across, width));
}

/** The middle, without `share` of the height and width, enlarged linearly to the whole. */
export function enlargeMiddle(planes: Planes, share: number): Planes {
  const shrink = (extent: number) => {
    const middle = (extent - 1) / 2;
    return Array.from({ length: extent }, (_, i) => middle + (1 - share) * (i - middle));
  };
  const [, , height, width] = planes.dims;
  return sample(planes, shrink(height), shrink(width));
}

/** Values at places between the elements, within 0 to the extent - 1, interpolated linearly. */
function sample(
  { data, dims }: Planes,
  downPlaces: readonly number[],
  acrossPlaces: readonly number[],
): Planes {
  const [, channels, from, across] = dims;
  const neighbours = (at: number, extent: number) => {
    const low = Math.min(Math.floor(at), Math.max(0, extent - 2));
    return { low, high: Math.min(low + 1, extent - 1), share: at - low };
  };
  const rows = downPlaces.map((at) => neighbours(at, from));
  const columns = acrossPlaces.map((at) => neighbours(at, across));
  const result = new Float32Array(channels * rows.length * columns.length);
  let to = 0;
  for (let c = 0; c < channels; c++) {
    for (const { low, high, share } of rows) {
      const [top, bottom] = [(c * from + low) * across, (c * from + high) * across];
      for (const column of columns) {
        const mix = (row: number) =>
          (1 - column.share) * data[row + column.low] + column.share * data[row + column.high];
        result[to++] = (1 - share) * mix(top) + share * mix(bottom);
      }
    }
  }
  return float32(result, [1, channels, rows.length, columns.length]);
}

/** Elementwise a + factor b. */
export function combine(a: Planes, b: Planes, factor: number): Planes {
  return float32(a.data.map((value, i) => value + factor * b.data[i]), a.dims);
}

/** Each channel limited to its range. */
export function clamp(
  { data, dims }: Planes,
  ranges: readonly { readonly min: number; readonly max: number }[],
): Planes {
  const area = dims[2] * dims[3];
  return float32(
    data.map((value, i) => {
      const { min, max } = ranges[Math.floor(i / area)];
      return Math.min(max, Math.max(min, value));
    }),
    dims,
  );
}
