import type { FigureImage, GalleryFigure } from "../../../shared/gallery/gallery_figure.ts";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crop } from "../../../shared/image/crop.ts";
import { decodeImage } from "../../../shared/image/decode_image.ts";
import { encodeWebp } from "../../../shared/image/encode_image.ts";

/** A row of a sheet of patches. */
export interface PatchRow {
  readonly title: string;
  readonly sheet: FigureImage;
  /** The file that has this row alone; see {@linkcode cutPatchRows}. */
  readonly file: string;
  /** In pixels of the sheet. */
  readonly top: number;
  readonly height: number;
}

const TITLES: Readonly<Record<string, string>> = {
  top: "The patches that activate it most",
  least: "The patches that activate it least",
};

/** The rows of a unit in the sheets of its layer. */
export function patchRows({ images, measures }: GalleryFigure, row: number): PatchRow[] {
  const height = Number(measures.rowHeight);
  const top = row * height;
  return Object.entries(TITLES).flatMap(([name, title]) => {
    const sheet = images[name];
    const file = sheet?.file.replace(/\.webp$/, `.${row}.webp`);
    return sheet ? [{ title, sheet, file, top, height }] : [];
  });
}

/**
 * Writes each row of the sheets of patches to a file of its own: a page of one unit shows one row,
 * and a sheet of all of them has a hundred times the bytes.
 *
 * @param folder Where the built site has the files of figures.
 */
export async function cutPatchRows(
  figures: readonly GalleryFigure[],
  folder: string,
): Promise<void> {
  for (const figure of figures.filter(({ set }) => set === "patches")) {
    const sheets = new Map(
      await Promise.all(
        Object.values(figure.images).map(async ({ file }) =>
          [file, await decodeImage(await readFile(join(folder, file)))] as const
        ),
      ),
    );
    const count = (figure.measures.channels as readonly unknown[]).length;
    for (let row = 0; row < count; row++) {
      for (const { sheet, file, top, height } of patchRows(figure, row)) {
        const box = { left: 0, top, width: sheet.width, height };
        await writeFile(join(folder, file), await encodeWebp(crop(sheets.get(sheet.file)!, box)));
      }
    }
  }
}
