import { InputError } from "../errors.ts";

/**
 * How well a map orders the pixels of an object before all others: the mean, over the object's pixels,
 * of the share of the object among all pixels at least as large. 1 is perfect; a map that knows
 * nothing has the object's share of the image. Equal values are taken together.
 *
 * @param mask For each value of the map, whether it is on the object: anything but 0.
 * @throws {InputError} If the mask is of another size or empty, or the map holds NaN.
 * @see Everingham et al., "The Pascal Visual Object Classes Challenge", IJCV 2010
 */
export function averagePrecision(values: ArrayLike<number>, mask: ArrayLike<number>): number {
  if (mask.length !== values.length) {
    throw new InputError(
      `Cannot compare a map of ${values.length} pixels with a mask of ${mask.length}`,
    );
  }
  const order = Array.from(values, (_, i) => i).sort((a, b) => values[b] - values[a]);
  if (order.some((i) => Number.isNaN(values[i]))) {
    throw new InputError("Cannot order the pixels of a map: it holds NaN, expected numbers");
  }
  let [sum, found] = [0, 0];
  for (let from = 0; from < order.length;) {
    let [to, hits] = [from, 0];
    for (; to < order.length && values[order[to]] === values[order[from]]; to++) {
      if (mask[order[to]] !== 0) hits++;
    }
    found += hits;
    sum += hits * found / to;
    from = to;
  }
  if (found > 0) return sum / found;
  throw new InputError("Cannot compare a map with a mask that is empty, expected an object");
}
