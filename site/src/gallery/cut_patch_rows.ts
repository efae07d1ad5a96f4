import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { GalleryFigure } from "../../../shared/gallery/gallery_figure.ts";
import { crop } from "../../../shared/image/crop.ts";
import { decodeImage } from "../../../shared/image/decode_image.ts";
import { encodeWebp } from "../../../shared/image/encode_image.ts";
import { patchRows } from "./patch_rows.ts";

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
