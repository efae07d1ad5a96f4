/** Arithmetic on pictures as tensors [1, C, H, W]: shifts around the edge, changes of size. */
import { float32, type Tensor } from "../../tensor/tensor.ts";

type Planes = Tensor<"float32">;

/** Every element moved by (`down`, `right`); what leaves at one edge enters at the other. */
export function roll({ data, dims }: Planes, down: number, right: number): Planes {
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

/** Interpolated linearly to another size, corner on corner. */
export function zoomTo({ data, dims }: Planes, height: number, width: number): Planes {
  const [, channels, from, across] = dims;
  const place = (i: number, to: number, extent: number) => {
    const at = to === 1 ? 0 : i * (extent - 1) / (to - 1);
    const low = Math.min(Math.floor(at), Math.max(0, extent - 2));
    return { low, high: Math.min(low + 1, extent - 1), share: at - low };
  };
  const columns = Array.from({ length: width }, (_, x) => place(x, width, across));
  const result = new Float32Array(channels * height * width);
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < height; y++) {
      const { low, high, share } = place(y, height, from);
      const [top, bottom] = [(c * from + low) * across, (c * from + high) * across];
      for (let x = 0; x < width; x++) {
        const column = columns[x];
        const mix = (row: number) =>
          (1 - column.share) * data[row + column.low] + column.share * data[row + column.high];
        result[(c * height + y) * width + x] = (1 - share) * mix(top) + share * mix(bottom);
      }
    }
  }
  return float32(result, [1, channels, height, width]);
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
