import { InputError } from "../../errors.ts";

/** Part of an image, in pixels; `bottom` and `right` lie outside. */
export interface Window {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** Where the occluder goes. */
export interface OcclusionGrid {
  readonly rows: number;
  readonly columns: number;
  /** Row by row. */
  readonly windows: readonly Window[];
}

/** Positions along one axis: the last window reaches the border and is cut there. */
const positions = (size: number, window: number, stride: number) =>
  Math.ceil((size - window) / stride) + 1;

/**
 * The positions of a square occluder, as Captum's Occlusion walks them: from the upper left corner
 * in steps of `stride` until the border is covered, where the last window is cut.
 *
 * @param window Side of the occluder in pixels; at most the image's shorter side.
 * @param stride Step in pixels; at most `window`, so that no pixel is left out.
 * @throws {RangeError} If window or stride is outside that range or not an integer.
 */
export function occlusionGrid(
  height: number,
  width: number,
  window: number,
  stride: number,
): OcclusionGrid {
  const side = Math.min(height, width);
  if (!Number.isInteger(window) || window < 1 || window > side) {
    throw new InputError(
      `Cannot occlude: the window is ${window} pixels, expected 1 to ${side} for an input of ` +
        `${width} x ${height}`,
    );
  }
  if (!Number.isInteger(stride) || stride < 1 || stride > window) {
    throw new InputError(
      `Cannot occlude: the stride is ${stride} pixels, expected 1 to ${window} (the window), ` +
        `else pixels are left out`,
    );
  }
  const rows = positions(height, window, stride);
  const columns = positions(width, window, stride);
  const windows = Array.from({ length: rows * columns }, (_, position) => {
    const top = Math.floor(position / columns) * stride;
    const left = (position % columns) * stride;
    return {
      top,
      left,
      bottom: Math.min(top + window, height),
      right: Math.min(left + window, width),
    };
  });
  return { rows, columns, windows };
}

/** Every how many lines the coarsest lattice has one. */
const COARSE = 4;

/** A row or a column of positions, and those it lies between in the next coarser lattice. */
export interface Line {
  readonly at: number;
  /** 0 for the coarsest lattice. */
  readonly level: number;
  /** The lines it lies between; itself twice on the coarsest lattice. */
  readonly before: number;
  readonly after: number;
}

/**
 * The lines 0 to `count - 1` as lattices that get finer: every fourth and the last, then those in
 * the middle between two, and so on.
 */
export function latticeLines(count: number): readonly Line[] {
  const lines: Line[] = [];
  const put = (at: number, level: number, before: number, after: number) =>
    void (lines[at] = { at, level, before, after });
  const split = (before: number, after: number, level: number) => {
    if (after - before < 2) return;
    const middle = Math.floor((before + after) / 2);
    put(middle, level, before, after);
    split(before, middle, level + 1);
    split(middle, after, level + 1);
  };
  let last = 0;
  put(0, 0, 0, 0);
  for (let at = COARSE; last < count - 1; at += COARSE) {
    const next = Math.min(at, count - 1);
    put(next, 0, next, next);
    split(last, next, 1);
    last = next;
  }
  return lines;
}
