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
        fill: (data, position) => crop(data, shown, areaAt(feed.spans, position)),
      };
    case "surroundings": {
      const { value, spans, fill } = feed.paste;
      const map = values[value];
      return {
        dims: sized(map.dims[1], areaAt(spans, at)),
        fill(data, position) {
          const hole = areaAt(changes.get(value)!, position);
          surround(data, map, areaAt(spans, position), hole, fill);
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

/** Writes the part `area` of a map. */
function crop(data: Float32Array, { dims, data: map }: Tensor<"float32">, area: Area): void {
  const [, channels, height, width] = dims;
  const [rows, columns] = area;
  let to = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (let y = rows.start; y < endOf(rows); y++) {
      const from = (channel * height + y) * width + columns.start;
      for (let x = 0; x < columns.size; x++) data[to++] = map[from + x];
    }
  }
}

/**
 * Writes the part `area` of a map, `fill` where it reaches over the border, but for the part `hole`
 * of it.
 *
 * @param data Zeros; they stay where the hole is.
 */
function surround(
  data: Float32Array,
  { dims, data: map }: Tensor<"float32">,
  [rows, columns]: Area,
  hole: Area,
  fill: number,
): void {
  const [, channels, height, width] = dims;
  // Places in a row: first of the map, first of the hole, first behind the hole, behind the map.
  const inside = Math.max(0, -columns.start);
  const holeBegin = hole[1].start - columns.start;
  const holeEnd = endOf(hole[1]) - columns.start;
  const outside = Math.min(columns.size, width - columns.start);
  for (let channel = 0, to = 0; channel < channels; channel++) {
    for (let y = rows.start; y < endOf(rows); y++, to += columns.size) {
      if (y < 0 || y >= height) {
        data.fill(fill, to, to + columns.size);
        continue;
      }
      const from = (channel * height + y) * width + columns.start;
      const isBeside = y >= hole[0].start && y < endOf(hole[0]);
      const [pause, resume] = isBeside ? [holeBegin, holeEnd] : [outside, outside];
      // Rows are short: loops are faster than views on each of them.
      for (let x = 0; x < inside; x++) data[to + x] = fill;
      for (let x = inside; x < pause; x++) data[to + x] = map[from + x];
      for (let x = resume; x < outside; x++) data[to + x] = map[from + x];
      for (let x = outside; x < columns.size; x++) data[to + x] = fill;
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
