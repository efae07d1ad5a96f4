import { float32, type Tensor } from "../../tensor/tensor.ts";

/** Tiles along one axis: all of one extent, evenly spread from border to border. */
export interface TilesAlong {
  readonly extent: number;
  readonly starts: readonly number[];
}

export interface Tiling {
  readonly rows: TilesAlong;
  readonly columns: TilesAlong;
}

/** A larger image is dreamt into in tiles: GoogLeNet takes some 600 bytes for each pixel. */
export const MOST_PIXELS = 2 ** 20;

/** Pixels that neighbours share, at least. */
const OVERLAP = 96;

/**
 * The tiles of an image, each of at most `mostPixels` pixels; undefined where one is enough.
 */
export function tilingOf(height: number, width: number, mostPixels: number): Tiling | undefined {
  if (height * width <= mostPixels) return undefined;
  const side = Math.floor(Math.sqrt(mostPixels));
  return { rows: along(height, side), columns: along(width, side) };
}

function along(extent: number, side: number): TilesAlong {
  if (extent <= side) return { extent, starts: [0] };
  const count = Math.ceil((extent - OVERLAP) / (side - OVERLAP));
  const tile = Math.ceil((extent + (count - 1) * OVERLAP) / count);
  const starts = Array.from(
    { length: count },
    (_, i) => Math.round(i * (extent - tile) / (count - 1)),
  );
  return { extent: tile, starts };
}

/** The upper left corner of a tile. */
export interface TilePlace {
  readonly top: number;
  readonly left: number;
}

/** The pixels of one tile of [1, C, H, W]. */
export function tileOf(
  { data, dims }: Tensor<"float32">,
  { top, left }: TilePlace,
  { rows: { extent: height }, columns: { extent: width } }: Tiling,
): Tensor<"float32"> {
  const [, channels, H, W] = dims;
  const tile = new Float32Array(channels * height * width);
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < height; y++) {
      const from = (c * H + top + y) * W + left;
      tile.set(data.subarray(from, from + width), (c * height + y) * width);
    }
  }
  return float32(tile, [1, channels, height, width]);
}

/** Values of tiles, faded into each other where they overlap. */
export class BlendedTiles {
  /** [C, H, W] */
  readonly sum: Float32Array;
  readonly #dims: readonly number[];
  readonly #tiling: Tiling;
  readonly #down: readonly Float32Array[];
  readonly #across: readonly Float32Array[];

  /** @param dims Of the whole, [1, C, H, W]. */
  constructor(dims: readonly number[], tiling: Tiling) {
    this.#dims = dims;
    this.#tiling = tiling;
    this.sum = new Float32Array(dims[1] * dims[2] * dims[3]);
    this.#down = weightsAlong(tiling.rows, dims[2]);
    this.#across = weightsAlong(tiling.columns, dims[3]);
  }

  *places(): Generator<TilePlace> {
    for (const top of this.#tiling.rows.starts) {
      for (const left of this.#tiling.columns.starts) yield { top, left };
    }
  }

  /** @param values Of the tile at that place, [C, height, width]. */
  add({ top, left }: TilePlace, values: Float32Array): void {
    const { rows, columns } = this.#tiling;
    const [, channels, H, W] = this.#dims;
    const down = this.#down[rows.starts.indexOf(top)];
    const across = this.#across[columns.starts.indexOf(left)];
    let at = 0;
    for (let c = 0; c < channels; c++) {
      for (let y = 0; y < rows.extent; y++) {
        const to = (c * H + top + y) * W + left;
        for (let x = 0; x < columns.extent; x++) {
          this.sum[to + x] += down[y] * across[x] * values[at++];
        }
      }
    }
  }
}

/** For each tile the share that it has of each of its places; the shares of a place sum to 1. */
function weightsAlong({ extent, starts }: TilesAlong, whole: number): Float32Array[] {
  const nearness = (start: number, at: number) => Math.min(at - start + 1, start + extent - at);
  const total = new Float32Array(whole);
  for (const start of starts) {
    for (let i = 0; i < extent; i++) total[start + i] += nearness(start, start + i);
  }
  return starts.map((start) =>
    Float32Array.from({ length: extent }, (_, i) => nearness(start, start + i) / total[start + i])
  );
}
