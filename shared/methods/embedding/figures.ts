import { blank, type Image, montage, paste, WHITE } from "../../image/mod.ts";
import { drawPanel } from "../../contract/panel.ts";
import { THUMBNAIL } from "./codes.ts";
import { type GridLayout, unitSquare } from "./grid.ts";
import type { Matrix } from "./matrix.ts";

/** Side of the scatter in pixels; larger where images are many. */
const LEAST_SIDE = 640;
const MOST_SIDE = 1600;
/** Pixels between the cells of the grid. */
const GAP = 2;

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

/** The scatter, the grid, and all thumbnails row by row without anything between them. */
export function embeddingImages(view: EmbeddingView): Record<string, Image> {
  const { title, text, points, grid, thumbnails } = view;
  return {
    scatter: drawPanel({ title, text, body: scatter(points, thumbnails) }),
    grid: drawPanel({
      title,
      text: `${text} Every image in a cell of its own, moved as little as can be.`,
      body: gridImage(grid, thumbnails),
    }),
    atlas: montage(thumbnails.map((image) => ({ image })), {
      columns: atlasColumns(thumbnails.length),
      gap: 0,
    }),
  };
}

/** Thumbnails a row of the atlas. */
export const atlasColumns = (count: number): number => Math.ceil(Math.sqrt(count));
