import { float32, type Tensor } from "../tensor/tensor.ts";
import { uniformAt } from "../tensor/random.ts";

/** How an image is looked at: turned and enlarged about its middle, then moved. */
export interface View {
  /** Size of what is seen; 2 is twice as large. */
  readonly zoom: number;
  /** Radians, clockwise. */
  readonly angle: number;
  /** Pixels. */
  readonly down: number;
  readonly right: number;
}

/** For each pixel of the view the four pixels it is mixed of; -1 is outside the image. */
interface Taps {
  readonly from: Int32Array;
  readonly weight: Float32Array;
}

/** A view is looked through twice, there and back. */
const TAPS = new WeakMap<View, Map<string, Taps>>();

function tapsOf(height: number, width: number, view: View): Taps {
  const bySize = TAPS.get(view) ?? new Map<string, Taps>();
  const size = `${height} x ${width}`;
  const taps = bySize.get(size) ?? computeTaps(height, width, view);
  TAPS.set(view, bySize.set(size, taps));
  return taps;
}

function computeTaps(height: number, width: number, { zoom, angle, down, right }: View): Taps {
  const from = new Int32Array(4 * height * width);
  const weight = new Float32Array(4 * height * width);
  const [cos, sin] = [Math.cos(angle) / zoom, Math.sin(angle) / zoom];
  const [middleY, middleX] = [(height - 1) / 2, (width - 1) / 2];
  for (let y = 0, tap = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [dy, dx] = [y - middleY - down, x - middleX - right];
      const [sourceY, sourceX] = [middleY + cos * dy - sin * dx, middleX + sin * dy + cos * dx];
      const [top, left] = [Math.floor(sourceY), Math.floor(sourceX)];
      const [below, beside] = [sourceY - top, sourceX - left];
      for (let corner = 0; corner < 4; corner++, tap++) {
        const [row, column] = [top + (corner >> 1), left + (corner & 1)];
        const isInside = row >= 0 && row < height && column >= 0 && column < width;
        from[tap] = isInside ? row * width + column : -1;
        weight[tap] = (corner >> 1 ? below : 1 - below) * (corner & 1 ? beside : 1 - beside);
      }
    }
  }
  return { from, weight };
}

/**
 * An image [1, C, H, W] as seen in a view, by linear interpolation.
 *
 * @param ground What is around the image, one value a plane.
 */
export function see(
  { data, dims }: Tensor<"float32">,
  view: View,
  ground: readonly number[],
): Tensor<"float32"> {
  const [, , height, width] = dims;
  const area = height * width;
  const { from, weight } = tapsOf(height, width, view);
  const seen = new Float32Array(data.length);
  for (let i = 0; i < seen.length; i++) {
    const plane = Math.floor(i / area);
    for (let tap = 4 * (i - plane * area), end = tap + 4; tap < end; tap++) {
      const value = from[tap] < 0 ? ground[plane] : data[plane * area + from[tap]];
      seen[i] += weight[tap] * value;
    }
  }
  return float32(seen, dims);
}

/** The gradient by the image, given that by the view: the adjoint of {@linkcode see}. */
export function adjoint({ data, dims }: Tensor<"float32">, view: View): Tensor<"float32"> {
  const [, , height, width] = dims;
  const area = height * width;
  const { from, weight } = tapsOf(height, width, view);
  const gradient = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const plane = Math.floor(i / area);
    for (let tap = 4 * (i - plane * area), end = tap + 4; tap < end; tap++) {
      if (from[tap] >= 0) gradient[plane * area + from[tap]] += weight[tap] * data[i];
    }
  }
  return float32(gradient, dims);
}

/** How far views of an image differ. */
export interface ViewRange {
  /** Largest shift to each side, in pixels. */
  readonly shift: number;
  /** Largest change of size: 0.1 is from 0.9 to 1.1. */
  readonly zoom: number;
  /** Largest turn to each side, in radians. */
  readonly angle: number;
}

/** Random numbers a view takes. */
const DRAWS = 4;

/** The view of step `step`, drawn evenly from the range. */
export function randomView({ shift, zoom, angle }: ViewRange, seed: number, step: number): View {
  const draw = (k: number) => 2 * uniformAt(seed, DRAWS * step + k) - 1;
  return {
    down: shift * draw(0),
    right: shift * draw(1),
    zoom: 1 + zoom * draw(2),
    angle: angle * draw(3),
  };
}

/**
 * The shift of a step, so that no grid builds up from one to the next.
 *
 * @param most Pixels of the largest.
 */
export function randomShift(
  seed: number,
  step: number,
  most: number,
): readonly [down: number, right: number] {
  const draw = (k: number) => Math.floor((2 * most + 1) * uniformAt(seed, 2 * step + k)) - most;
  return [draw(0), draw(1)];
}

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
