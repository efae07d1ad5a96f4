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
