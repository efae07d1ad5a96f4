import type { Image } from "../../image/image.ts";
import { montage } from "../../image/montage.ts";
import { resize } from "../../image/resize.ts";

/** Pixels on a side of an image in the sheet. */
export const SHEET_SIDE = 56;

/** Images a row: on a phone, each is as large as a finger. */
export const SHEET_COLUMNS = 8;

/** The images of several units side by side, small and without gaps. */
export function sheetOf(images: readonly Image[]): Image {
  const small = images.map((image) => resize(image, SHEET_SIDE, SHEET_SIDE));
  return montage(small, { columns: SHEET_COLUMNS, gap: 0 });
}
