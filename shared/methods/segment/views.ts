import { float32, type Tensor } from "../../tensor/tensor.ts";

/** A copy of an image: moved, then mirrored. */
export interface View {
  readonly down: number;
  readonly right: number;
  readonly isMirrored: boolean;
}

/** Up to ten views: not moved and moved into each corner, each as it is and mirrored. */
export function viewsOf(count: number, shiftDown: number, shiftRight: number): View[] {
  const places = [[0, 0], [1, 1], [1, -1], [-1, 1], [-1, -1]];
  return places.flatMap(([down, right]) =>
    [false, true].map((isMirrored) => ({
      down: down * shiftDown,
      right: right * shiftRight,
      isMirrored,
    }))
  ).slice(0, count);
}

/** The pixel of the image that a view shows at a place; may lie beyond the border. */
function sourceOf({ down, right, isMirrored }: View, row: number, column: number, width: number) {
  const across = isMirrored ? width - 1 - column : column;
  return [row - down, across - right] as const;
}

/** The image as a view shows it; the border is continued outwards. */
export function seenFrom({ data, dims }: Tensor<"float32">, view: View): Tensor<"float32"> {
  const [, channels, height, width] = dims;
  const result = new Float32Array(data.length);
  for (let i = 0; i < height * width; i++) {
    const [row, column] = sourceOf(view, Math.floor(i / width), i % width, width);
    const y = Math.min(height - 1, Math.max(0, row));
    const x = Math.min(width - 1, Math.max(0, column));
    for (let c = 0; c < channels; c++) {
      result[c * height * width + i] = data[(c * height + y) * width + x];
    }
  }
  return float32(result, dims);
}

/** Means over views of maps of them, each pixel of the image by the views that show it. */
export class ViewMeans {
  readonly #sums: Float64Array;
  readonly #counts: Uint16Array;

  constructor(readonly height: number, readonly width: number) {
    this.#sums = new Float64Array(height * width);
    this.#counts = new Uint16Array(height * width);
  }

  add(view: View, map: Float32Array): void {
    for (let i = 0; i < map.length; i++) {
      const { height, width } = this;
      const [row, column] = sourceOf(view, Math.floor(i / width), i % width, width);
      if (row < 0 || row >= height || column < 0 || column >= width) continue;
      this.#sums[row * width + column] += map[i];
      this.#counts[row * width + column]++;
    }
  }

  get means(): Float32Array {
    return Float32Array.from(this.#sums, (sum, i) => sum / (this.#counts[i] || 1));
  }
}
