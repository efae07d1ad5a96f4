import { InputError } from "../errors.ts";
import { blank, drawText, measureText } from "./draw_text.ts";
import { type Color, flattenAlpha, WHITE } from "./flatten_alpha.ts";
import type { Image } from "./image.ts";

export interface Tile {
  readonly image: Image;
  /** Printed above the image, cut to its width. */
  readonly title?: string;
}

export interface MontageOptions {
  /** Images a row. @default as square as possible */
  readonly columns?: number;
  /** Pixels between images and around them. @default 4 */
  readonly gap?: number;
  /** @default white */
  readonly ground?: Color;
}

/**
 * Images side by side, row by row. Every cell is as large as the largest image; smaller ones
 * stand in its top left.
 *
 * @throws {RangeError} If there is no image, or fewer than one column.
 */
export function montage(tiles: readonly Tile[], options: MontageOptions = {}): Image {
  const { columns = Math.ceil(Math.sqrt(tiles.length)), gap = 4, ground = WHITE } = options;
  if (tiles.length === 0) throw new InputError("Cannot arrange images: there are none");
  if (!(columns >= 1)) throw new InputError(`Cannot arrange images in ${columns} columns`);
  const hasTitles = tiles.some(({ title }) => title !== undefined);
  const titleHeight = hasTitles ? measureText("").height + 2 : 0;
  const width = Math.max(...tiles.map(({ image }) => image.width));
  const height = Math.max(...tiles.map(({ image }) => image.height)) + titleHeight;
  const used = Math.min(columns, tiles.length);
  const rows = Math.ceil(tiles.length / columns);
  const sheet = blank(gap + used * (width + gap), gap + rows * (height + gap), ground);
  for (const [i, { image, title = "" }] of tiles.entries()) {
    const left = gap + (i % columns) * (width + gap);
    const top = gap + Math.floor(i / columns) * (height + gap);
    drawText(sheet, left, top, fitText(title, width));
    paste(sheet, flattenAlpha(image, ground), left, top + titleHeight);
  }
  return sheet;
}

/** Copies `image` into `sheet`, which has room for it. */
export function paste(sheet: Image, image: Image, left: number, top: number): void {
  for (let y = 0; y < image.height; y++) {
    const row = image.data.subarray(4 * y * image.width, 4 * (y + 1) * image.width);
    sheet.data.set(row, 4 * ((top + y) * sheet.width + left));
  }
}

function fitText(text: string, width: number): string {
  const full = [...text];
  if (measureText(text).width <= width) return text;
  while (full.length > 0 && measureText(full.join("") + "..").width > width) full.pop();
  return full.length === 0 ? "" : full.join("") + "..";
}
