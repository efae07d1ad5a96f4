import type { Figure, FigurePicture } from "../../../shared/figures/figure.ts";

/** A row of a sheet of patches, as a part of its picture. */
export interface PatchRow {
  readonly title: string;
  readonly picture: FigurePicture;
  /** In pixels of the picture. */
  readonly top: number;
  readonly height: number;
}

const TITLES: Readonly<Record<string, string>> = {
  top: "The patches that excite it most",
  least: "The patches that excite it least",
};

/** The rows of a unit in the sheets of its layer. */
export function patchRows({ pictures, measures }: Figure, row: number): PatchRow[] {
  const height = Number(measures.rowHeight);
  const top = Number(measures.firstRow) + row * height;
  return Object.entries(TITLES).flatMap(([name, title]) => {
    const picture = pictures[name];
    return picture ? [{ title, picture, top, height }] : [];
  });
}
