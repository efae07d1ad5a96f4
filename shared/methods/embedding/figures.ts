import { blank, type Image, montage, paste, WHITE } from "../../image/mod.ts";
import { imagePanel } from "../../contract/panels.ts";
import type { Figure, Panel } from "../../figure/mod.ts";
import { THUMBNAIL } from "./features.ts";
import { type GridLayout, unitSquare } from "./grid.ts";
import type { Matrix } from "./matrix.ts";

/** Side of the scatter in pixels; larger where images are many. */
const LEAST_SIDE = 640;
const MOST_SIDE = 1600;
/** Pixels between the cells of the grid. */
const GAP = 2;
/** CSS pixels of a panel. */
const DRAWN = 640;

/** Thumbnails at their points; later ones cover earlier ones. */
export function scatter(points: Matrix, thumbnails: readonly Image[]): Image {
  const wanted = Math.round(1.5 * THUMBNAIL * Math.sqrt(points.rows));
  const side = Math.min(MOST_SIDE, Math.max(LEAST_SIDE, wanted));
  const sheet = blank(side, side, WHITE);
  const unit = unitSquare(points);
  for (const [i, image] of thumbnails.entries()) {
    const [left, top] = [unit[2 * i], unit[2 * i + 1]]
      .map((at) => Math.round(at * (side - THUMBNAIL)));
    paste(sheet, image, left, top);
  }
  return sheet;
}

/** Every thumbnail in its cell. */
function gridImage({ columns, rows, cells }: GridLayout, thumbnails: readonly Image[]): Image {
  const step = THUMBNAIL + GAP;
  const sheet = blank(columns * step + GAP, rows * step + GAP, WHITE);
  for (const [i, image] of thumbnails.entries()) {
    paste(sheet, image, GAP + cells[2 * i] * step, GAP + cells[2 * i + 1] * step);
  }
  return sheet;
}

export interface EmbeddingView {
  readonly title: string;
  /** What the layout is, and how far to trust it. */
  readonly text: string;
  readonly points: Matrix;
  readonly grid: GridLayout;
  readonly thumbnails: readonly Image[];
}

/** The scatter and the grid. */
export function embeddingFigure({ title, text, points, grid, thumbnails }: EmbeddingView): Figure {
  const panel = (id: string, words: string, image: Image): Panel =>
    imagePanel(image, { id, title: words, text: "", drawnWidth: DRAWN });
  return {
    title,
    caption: text,
    columns: 2,
    panels: [
      panel("scatter", "Each image at its point", scatter(points, thumbnails)),
      panel(
        "grid",
        "Each in a cell of its own, moved as little as can be",
        gridImage(grid, thumbnails),
      ),
    ],
  };
}

/** All thumbnails row by row without anything between them. */
export function atlasOf(thumbnails: readonly Image[]): Image {
  return montage(thumbnails, {
    columns: atlasColumns(thumbnails.length),
    gap: 0,
  });
}

/** Thumbnails a row of the atlas. */
export const atlasColumns = (count: number): number => Math.ceil(Math.sqrt(count));
