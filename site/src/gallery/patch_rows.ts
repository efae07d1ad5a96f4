import type { FigureImage, GalleryFigure } from "../../../shared/gallery/gallery_figure.ts";

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
