import { damaged } from "./image_error.ts";
import type { PngHeader } from "./png_header.ts";

/** The pixels x, x + stepX, ... of the rows y, y + stepY, ... */
export interface PngPass {
  readonly x: number;
  readonly y: number;
  readonly stepX: number;
  readonly stepY: number;
  readonly columns: number;
  readonly rows: number;
}

/** Offset and step of each pass of Adam7: x, y, step of x, step of y. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** The passes in which a PNG file stores its pixels; those without a pixel are left out. */
export function pngPasses({ width, height, interlaced }: PngHeader): PngPass[] {
  const passes = interlaced ? ADAM7 : [[0, 0, 1, 1]] as const;
  return passes.flatMap(([x, y, stepX, stepY]) => {
    const columns = Math.ceil((width - x) / stepX);
    const rows = Math.ceil((height - y) / stepY);
    return columns > 0 && rows > 0 ? [{ x, y, stepX, stepY, columns, rows }] : [];
  });
}

/** Undoes a filter in place; the row above is unfiltered, `pixel` are bytes from one to the next. */
type Unfilter = (row: Uint8Array, above: Uint8Array, pixel: number) => void;

const FILTERS: readonly Unfilter[] = [
  () => {},
  (row, _, pixel) => {
    for (let i = pixel; i < row.length; i++) row[i] += row[i - pixel];
  },
  (row, above) => {
    for (let i = 0; i < row.length; i++) row[i] += above[i];
  },
  (row, above, pixel) => {
    for (let i = 0; i < row.length; i++) {
      const left = i < pixel ? 0 : row[i - pixel];
      row[i] += left + above[i] >> 1;
    }
  },
  (row, above, pixel) => {
    for (let i = 0; i < row.length; i++) {
      row[i] += i < pixel ? above[i] : paeth(row[i - pixel], above[i], above[i - pixel]);
    }
  },
];

/**
 * Undoes a row's filter in place (W3C PNG 3rd edition, 9.2).
 *
 * @param above The row above, unfiltered; zeros at the top.
 * @param pixel Bytes from one pixel to the next, at least 1.
 * @throws {ImageError} If there is no such filter.
 */
export function unfilter(filter: number, row: Uint8Array, above: Uint8Array, pixel: number): void {
  const undo = FILTERS[filter];
  if (!undo) throw damaged("PNG", `a row has filter ${filter}, which does not exist`);
  undo(row, above, pixel);
}

function paeth(left: number, above: number, aboveLeft: number): number {
  const toLeft = Math.abs(above - aboveLeft);
  const toAbove = Math.abs(left - aboveLeft);
  const toBoth = Math.abs(left + above - 2 * aboveLeft);
  if (toLeft <= toAbove && toLeft <= toBoth) return left;
  return toAbove <= toBoth ? above : aboveLeft;
}

/** The samples of a row: one, two, four, eight or sixteen bits each, the first in the top bits. */
export function unpack(row: Uint8Array, depth: number, count: number): Uint8Array | Uint16Array {
  if (depth === 8) return row;
  const samples = new (depth === 16 ? Uint16Array : Uint8Array)(count);
  const mask = 2 ** depth - 1;
  for (let i = 0; i < count; i++) {
    const bit = i * depth;
    samples[i] = depth === 16
      ? row[2 * i] << 8 | row[2 * i + 1]
      : row[bit >> 3] >> (8 - depth - (bit & 7)) & mask;
  }
  return samples;
}
