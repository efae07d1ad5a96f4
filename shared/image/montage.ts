import { InputError } from "../errors.ts";
import { blank, type Color, flattenAlpha, type Image, WHITE } from "./image.ts";

export interface MontageOptions {
  /** Images a row. @default as square as possible */
  readonly columns?: number;
  /** Pixels between images and around them. @default 4 */
  readonly gap?: number;
  /** Between images and around them. @default white */
  readonly ground?: Color | "transparent";
}

/**
 * Images side by side, row by row. Every cell is as large as the largest image; smaller ones
 * stand in its top left.
 *
 * @throws {RangeError} If there is no image, or fewer than one column.
 */
export function montage(images: readonly Image[], options: MontageOptions = {}): Image {
  const { columns = Math.ceil(Math.sqrt(images.length)), gap = 4, ground = WHITE } = options;
  if (images.length === 0) throw new InputError("Cannot arrange images: there are none");
  if (!(columns >= 1)) throw new InputError(`Cannot arrange images in ${columns} columns`);
  const most = (side: (image: Image) => number) => images.reduce((a, b) => Math.max(a, side(b)), 0);
  const [width, height] = [most(({ width }) => width), most(({ height }) => height)];
  const used = Math.min(columns, images.length);
  const rows = Math.ceil(images.length / columns);
  const [sheetWidth, sheetHeight] = [gap + used * (width + gap), gap + rows * (height + gap)];
  const isClear = ground === "transparent";
  const sheet = blank(sheetWidth, sheetHeight, isClear ? WHITE : ground);
  if (isClear) sheet.data.fill(0);
  for (const [i, image] of images.entries()) {
    const left = gap + (i % columns) * (width + gap);
    const top = gap + Math.floor(i / columns) * (height + gap);
    paste(sheet, isClear ? image : flattenAlpha(image, ground), left, top);
  }
  return sheet;
}

/** Copies what of `image` lies in `sheet`. */
export function paste(sheet: Image, image: Image, left: number, top: number): void {
  const from = Math.max(0, -left);
  const to = Math.min(image.width, sheet.width - left);
  if (to <= from) return;
  for (let y = Math.max(0, -top); y < Math.min(image.height, sheet.height - top); y++) {
    const row = image.data.subarray(4 * (y * image.width + from), 4 * (y * image.width + to));
    sheet.data.set(row, 4 * ((top + y) * sheet.width + left + from));
  }
}
