import { float32, type Tensor } from "../tensor/tensor.ts";
import { type Feed, type IncrementalModel, OFFSETS } from "./build_incremental.ts";
import type { Paste } from "./layout.ts";
import { endOf, type Span } from "./span.ts";
import type { Positions } from "./trace_changes.ts";

/** A row and a column of the plan's positions. */
export type Position = readonly [row: number, column: number];

/** What is known before any change. */
export interface Unchanged {
  /** Tensors by name, of batch 1: those that the model needs `cached`, the input included. */
  readonly values: Readonly<Record<string, Tensor<"float32">>>;
  /** The input as it would be if it changed everywhere; of its shape. */
  readonly shown: Tensor<"float32">;
}

/** Rows and columns of a map. */
export type Area = readonly [rows: Span, columns: Span];

/** A part of a map at a position. */
export const areaAt = ([rows, columns]: Positions, [row, column]: Position): Area => [
  rows[row],
  columns[column],
];

/**
 * A text that is the same for positions that can be run at once: their patches have the same
 * extents, and lie at the same places in their surroundings.
 */
export function geometryOf({ plan, pastes }: IncrementalModel, position: Position): string {
  const { changes } = plan.trace;
  const sizes = [...plan.layout.patches].flatMap((value) =>
    areaAt(changes.get(value)!, position).map(({ size }) => size)
  );
  return JSON.stringify([sizes, pastes.map((paste) => offsetsOf(paste, changes, position))]);
}

/**
 * What to feed for some positions.
 *
 * @param positions One or more, all of one {@linkcode geometryOf}.
 */
export function incrementalFeeds(
  { plan, pastes, feeds }: IncrementalModel,
  unchanged: Unchanged,
  positions: readonly Position[],
): Record<string, Tensor> {
  const { changes } = plan.trace;
  const fed = feeds.map((feed) => {
    const { dims, fill } = filler(feed, unchanged, changes, positions[0]);
    const size = dims[0] * dims[1] * dims[2];
    const data = new Float32Array(positions.length * size);
    for (const [n, position] of positions.entries()) {
      fill(data.subarray(n * size, (n + 1) * size), position);
    }
    return [feed.name, float32(data, [positions.length, ...dims])] as const;
  });
  const offsets = pastes.flatMap((paste) => offsetsOf(paste, changes, positions[0]));
  return {
    ...Object.fromEntries(fed),
    ...pastes.length > 0 && {
      [OFFSETS]: {
        type: "int64",
        dims: [offsets.length],
        data: BigInt64Array.from(offsets, BigInt),
      },
    },
  };
}

/** The pads that bring a patch to its place in its surroundings. */
function offsetsOf({ value, spans }: Paste, changes: Changes, position: Position): number[] {
  const patch = areaAt(changes.get(value)!, position);
  const around = areaAt(spans, position);
  const begin = ([0, 1] as const).map((axis) => patch[axis].start - around[axis].start);
  const end = ([0, 1] as const).map((axis) => endOf(around[axis]) - endOf(patch[axis]));
  return [0, 0, ...begin, 0, 0, ...end];
}

type Changes = ReadonlyMap<string, Positions>;

/** Extents of a feed but for the batch, and how one entry of the batch is written. */
interface Filler {
  readonly dims: readonly [channels: number, rows: number, columns: number];
  fill(data: Float32Array, position: Position): void;
}

function filler(feed: Feed, { values, shown }: Unchanged, changes: Changes, at: Position): Filler {
  const sized = (channels: number, [rows, columns]: Area) =>
    [channels, rows.size, columns.size] as const;
  switch (feed.kind) {
    case "patch":
      return {
        dims: sized(shown.dims[1], areaAt(feed.spans, at)),
        fill: (data, position) => crop(data, shown, areaAt(feed.spans, position), 0),
      };
    case "surroundings": {
      const { value, spans, fill } = feed.paste;
      const map = values[value];
      return {
        dims: sized(map.dims[1], areaAt(spans, at)),
        fill(data, position) {
          const area = areaAt(spans, position);
          crop(data, map, area, fill);
          clear(data, map.dims[1], area, areaAt(changes.get(value)!, position));
        },
      };
    }
    case "factor":
      return {
        dims: sized(1, areaAt(feed.spans, at)),
        fill(data, position) {
          const [rows, columns] = areaAt(feed.spans, position);
          for (let y = 0, i = 0; y < rows.size; y++) {
            const factor = feed.factor(0, rows.start + y);
            for (let x = 0; x < columns.size; x++) {
              data[i++] = factor * feed.factor(1, columns.start + x);
            }
          }
        },
      };
    case "rest": {
      const map = values[feed.value];
      return {
        dims: [map.dims[1], 1, 1],
        fill: (data, position) =>
          meanOutside(data, map, areaAt(changes.get(feed.value)!, position)),
      };
    }
  }
}

/** Writes the part `area` of a map; `fill` where it reaches over the border. */
function crop(
  data: Float32Array,
  { dims, data: map }: Tensor<"float32">,
  area: Area,
  fill: number,
) {
  const [, channels, height, width] = dims;
  const [rows, columns] = area;
  const left = Math.max(0, -columns.start);
  const right = Math.min(columns.size, width - columns.start);
  const top = Math.max(0, -rows.start);
  const bottom = Math.min(rows.size, height - rows.start);
  if (left > 0 || top > 0 || right < columns.size || bottom < rows.size) data.fill(fill);
  for (let channel = 0; channel < channels; channel++) {
    for (let y = top; y < bottom; y++) {
      const to = (channel * rows.size + y) * columns.size;
      const from = (channel * height + rows.start + y) * width + columns.start;
      // Rows are short: a loop is faster than a view on each of them.
      for (let x = left; x < right; x++) data[to + x] = map[from + x];
    }
  }
}

/** Puts zeros where `hole` lies in a crop of `area`. */
function clear(data: Float32Array, channels: number, [rows, columns]: Area, hole: Area): void {
  const left = hole[1].start - columns.start;
  for (let channel = 0; channel < channels; channel++) {
    for (let y = 0; y < hole[0].size; y++) {
      const row = (channel * rows.size + hole[0].start - rows.start + y) * columns.size + left;
      data.fill(0, row, row + hole[1].size);
    }
  }
}

/** What the map outside `area` adds to the mean of each channel. */
function meanOutside(data: Float32Array, { dims, data: map }: Tensor<"float32">, area: Area): void {
  const [, channels, height, width] = dims;
  const [rows, columns] = area;
  for (let channel = 0; channel < channels; channel++) {
    let sum = 0;
    for (let y = 0, i = channel * height * width; y < height; y++) {
      const isInside = y >= rows.start && y < endOf(rows);
      for (let x = 0; x < width; x++, i++) {
        if (!isInside || x < columns.start || x >= endOf(columns)) sum += map[i];
      }
    }
    data[channel] = sum / (height * width);
  }
}
