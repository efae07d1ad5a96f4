import { elementCount, float32, type Tensor } from "../../tensor/tensor.ts";
import { type Axes, isPlaced, onlyPiece, type Piece } from "./axis.ts";

/** Where rows, columns and channels of a feature map are in a tensor, whatever its layout. */
export interface MapAxes {
  /** The axis of rows. */
  readonly rows: number;
  /** The axis of columns; that of rows, where one axis holds the positions row by row. */
  readonly columns: number;
  /** Tokens on that axis before the first position, such as a class token, and behind the last. */
  readonly before: number;
  readonly after: number;
  readonly height: number;
  readonly width: number;
  /** All other axes, in order: the batch, and those that channels are counted along. */
  readonly channels: readonly number[];
}

/** How a tensor is a feature map; undefined where it is none, such as attention or windows. */
export function mapAxesOf(axes: Axes): MapAxes | undefined {
  const place = placeOf(axes);
  if (place === undefined) return undefined;
  const channels = axes.flatMap((_, a) => a === place.rows || a === place.columns ? [] : [a]);
  // Parts of rows elsewhere, without channels among them, are windows or other tokens.
  const isElsewhere = channels.some((a) =>
    isPlaced(axes[a]) && axes[a].pieces.every(({ kind }) => kind !== "other")
  );
  const inner = channels.flatMap((a) => axes[a].pieces);
  const isOutermost = inner.every(({ kind, step }) =>
    kind === "other" || step < (kind === "rows" ? place.down : place.across).step
  );
  if (isElsewhere || !isOutermost) return undefined;
  const { rows, columns, down, across } = place;
  const { before, after } = axes[rows];
  return { rows, columns, before, after, height: down.size, width: across.size, channels };
}

/** The axes of positions, and the rows and columns on them. */
function placeOf(axes: Axes) {
  const merged = axes.findIndex(({ pieces: [down, across, ...rest] }) =>
    down?.kind === "rows" && across?.kind === "columns" && rest.length === 0
  );
  if (merged >= 0) {
    const [down, across] = axes[merged].pieces;
    return { rows: merged, columns: merged, down, across };
  }
  const find = (kind: Piece["kind"]) => axes.findIndex((axis) => onlyPiece(axis)?.kind === kind);
  const [rows, columns] = [find("rows"), find("columns")];
  if (rows < 0 || columns < 0) return undefined;
  return { rows, columns, down: axes[rows].pieces[0], across: axes[columns].pieces[0] };
}

/** Whether a map is laid out as [1, C, h, w] already. */
export const isChannelsFirst = ({ rows, columns, channels }: MapAxes): boolean =>
  rows === 2 && columns === 3 && channels.length === 2;

/** Of each element [C, h, w], its place in the tensor. */
function placesIn(dims: readonly number[], map: MapAxes): Uint32Array {
  const strides = dims.map((_, a) => elementCount(dims.slice(a + 1)));
  const { rows, columns, before, height, width, channels } = map;
  const count = elementCount(channels.map((a) => dims[a]));
  const places = new Uint32Array(count * height * width);
  const down = rows === columns ? width * strides[rows] : strides[rows];
  for (let c = 0, i = 0; c < count; c++) {
    let [from, rest] = [before * strides[rows], c];
    for (const a of channels.toReversed()) {
      from += rest % dims[a] * strides[a];
      rest = Math.floor(rest / dims[a]);
    }
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) places[i++] = from + y * down + x * strides[columns];
    }
  }
  return places;
}

/** A tensor of one image as [1, C, h, w]; tokens without a position are left out. */
export function readMap({ data, dims }: Tensor<"float32">, map: MapAxes): Tensor<"float32"> {
  const places = placesIn(dims, map);
  const { height, width } = map;
  const area = height * width;
  return float32(
    Float32Array.from(places, (place) => data[place]),
    [1, places.length / area, height, width],
  );
}

/** The inverse of {@linkcode readMap}, with 0 at tokens without a position. */
export function writeMap(
  { data }: Tensor<"float32">,
  dims: readonly number[],
  map: MapAxes,
): Tensor<"float32"> {
  const values = new Float32Array(elementCount(dims));
  placesIn(dims, map).forEach((place, i) => values[place] = data[i]);
  return float32(values, dims);
}
