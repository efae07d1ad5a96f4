import { InputError } from "../errors.ts";
import type { Grid } from "../image/mod.ts";

/** How near is near enough: 15 pixels where the shorter side has 224. */
const TOLERANCE = 15 / 224;

/**
 * The pointing game: whether the map's largest value, the first of equals, lies on the object or
 * nearer to it than the tolerance.
 *
 * @param mask For each value of the map, whether it is on the object: anything but 0.
 * @param tolerance In pixels of the map. @default 15 where the map's shorter side is 224, in proportion
 * @throws {RangeError} If the mask is of another size, or the map holds NaN.
 *
 * @see Zhang et al., "Top-down Neural Attention by Excitation Backprop", ECCV 2016; the tolerance
 * as in TorchRay
 */
export function pointsAt(
  { width, height, values }: Grid,
  mask: ArrayLike<number>,
  tolerance: number = TOLERANCE * Math.min(width, height),
): boolean {
  if (mask.length !== values.length) {
    throw new InputError(
      `Cannot compare a map of ${width} x ${height} with a mask of ${mask.length} pixels`,
    );
  }
  let peak = 0;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) {
      throw new InputError(`Cannot find where the map points: value ${i} of it is NaN`);
    }
    if (values[i] > values[peak]) peak = i;
  }
  if (mask[peak] !== 0) return true;
  const [row, column] = [Math.floor(peak / width), peak % width];
  const reach = Math.ceil(tolerance);
  const [top, bottom] = [Math.max(0, row - reach), Math.min(height - 1, row + reach)];
  const [left, right] = [Math.max(0, column - reach), Math.min(width - 1, column + reach)];
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const isNear = (y - row) ** 2 + (x - column) ** 2 < tolerance ** 2;
      if (isNear && mask[y * width + x] !== 0) return true;
    }
  }
  return false;
}
