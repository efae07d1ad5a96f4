import { elementCount, float32, type Tensor } from "../tensor/tensor.ts";
import type { Feed, IncrementalModel } from "./build_incremental.ts";
import { type Area, areaAt, endOf, type Position } from "./span.ts";
import { stripAt } from "./strip.ts";
import type { Positions } from "./trace_changes.ts";

/** What is known before any change. */
export interface Unchanged {
  /** Tensors by name, of batch 1: those that the model needs `cached`, the input included. */
  readonly values: Readonly<Record<string, Tensor<"float32">>>;
  /** The input as it would be if it changed everywhere; of its shape. */
  readonly shown: Tensor<"float32">;
}

/**
 * A text that is the same for positions that can be run at once: all that is fed for them has the
 * same extents.
 */
export function geometryOf({ plan, feeds }: IncrementalModel, position: Position): string {
  const { changes } = plan.trace;
  return JSON.stringify(
    feeds.map((feed) => areaOf(feed, changes, position).map(({ size }) => size)),
  );
}

/**
 * What to feed for some positions.
 *
 * @param positions One or more, all of one {@linkcode geometryOf}.
 */
export function incrementalFeeds(
  { plan, feeds }: IncrementalModel,
  unchanged: Unchanged,
  positions: readonly Position[],
): Record<string, Tensor> {
  const { changes } = plan.trace;
  return Object.fromEntries(feeds.map((feed) => {
    const { channels, fill } = filler(feed, unchanged);
    const [rows, columns] = areaOf(feed, changes, positions[0]);
    const dims = feed.kind === "rest" ? [channels, 1, 1] : [channels, rows.size, columns.size];
    const size = elementCount(dims);
    const data = new Float32Array(positions.length * size);
    for (const [n, position] of positions.entries()) {
      fill(data.subarray(n * size, (n + 1) * size), areaOf(feed, changes, position));
    }
    return [feed.name, float32(data, [positions.length, ...dims])];
  }));
}

/** The part of the map that a feed is about. */
function areaOf(feed: Feed, changes: ReadonlyMap<string, Positions>, position: Position): Area {
  switch (feed.kind) {
    case "patch":
    case "factor":
      return areaAt(feed.spans, position);
    case "strip":
      return stripAt(feed.paste, changes.get(feed.paste.value)!, feed.side, position);
    case "rest":
      return areaAt(changes.get(feed.value)!, position);
  }
}

/** How one entry of the batch is written. */
interface Filler {
  readonly channels: number;
  fill(data: Float32Array, area: Area): void;
}

function filler(feed: Feed, { values, shown }: Unchanged): Filler {
  switch (feed.kind) {
    case "patch":
      return { channels: shown.dims[1], fill: (data, area) => crop(data, shown, area, 0) };
    case "strip": {
      const { value, fill } = feed.paste;
      const map = values[value];
      return { channels: map.dims[1], fill: (data, area) => crop(data, map, area, fill) };
    }
    case "factor":
      return {
        channels: 1,
        fill(data, [rows, columns]) {
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
      return { channels: map.dims[1], fill: (data, area) => meanOutside(data, map, area) };
    }
  }
}

/** Writes the part `area` of a map; `fill` where it reaches over the border. */
function crop(
  data: Float32Array,
  { dims, data: map }: Tensor<"float32">,
  [rows, columns]: Area,
  fill: number,
): void {
  const [, channels, height, width] = dims;
  const left = Math.min(columns.size, Math.max(0, -columns.start));
  const right = Math.max(left, Math.min(columns.size, width - columns.start));
  for (let channel = 0, to = 0; channel < channels; channel++) {
    for (let y = rows.start; y < endOf(rows); y++, to += columns.size) {
      if (y < 0 || y >= height) {
        data.fill(fill, to, to + columns.size);
        continue;
      }
      const from = (channel * height + y) * width + columns.start;
      // Rows are short: loops are faster than views on each of them.
      for (let x = 0; x < left; x++) data[to + x] = fill;
      for (let x = left; x < right; x++) data[to + x] = map[from + x];
      for (let x = right; x < columns.size; x++) data[to + x] = fill;
    }
  }
}

/** What the map outside `area` adds to the mean of each channel. */
function meanOutside(data: Float32Array, map: Tensor<"float32">, area: Area): void {
  const [, channels, height, width] = map.dims;
  const [[top, bottom], [left, right]] = area.map((span, axis) => {
    const extent = map.dims[axis + 2];
    return [span.start, endOf(span)].map((place) => Math.min(extent, Math.max(0, place)));
  });
  const sums = sumsOf(map);
  const stride = width + 1;
  for (let channel = 0; channel < channels; channel++) {
    const from = channel * (height + 1) * stride;
    const upTo = (y: number, x: number) => sums[from + y * stride + x];
    const inside = upTo(bottom, right) - upTo(top, right) - upTo(bottom, left) + upTo(top, left);
    data[channel] = (upTo(height, width) - inside) / (height * width);
  }
}

const tables = new WeakMap<Tensor, Float64Array>();

/** What a map that is kept holds, its summed-area table included, in bytes. */
export const heldBytes = (map: Tensor<"float32">): number =>
  map.data.byteLength + (tables.get(map)?.byteLength ?? 0);

/**
 * The summed-area table of each channel: at [y, x] the sum of all values above and left of it, so that
 * a rectangle's is that of its four corners. In float64, whose rounding is far below the map's own.
 *
 * @see Crow, "Summed-area tables for texture mapping", SIGGRAPH 1984
 */
function sumsOf(map: Tensor<"float32">): Float64Array {
  const known = tables.get(map);
  if (known) return known;
  const { dims: [, channels, height, width], data } = map;
  const stride = width + 1;
  const sums = new Float64Array(channels * (height + 1) * stride);
  for (let channel = 0, i = 0; channel < channels; channel++) {
    for (let y = 0; y < height; y++) {
      const row = (channel * (height + 1) + y + 1) * stride;
      for (let x = 0, sum = 0; x < width; x++, i++) {
        sum += data[i];
        sums[row + x + 1] = sums[row + x + 1 - stride] + sum;
      }
    }
  }
  tables.set(map, sums);
  return sums;
}
