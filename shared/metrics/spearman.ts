import { InputError } from "../errors.ts";

/**
 * Spearman's rank correlation of two lists: -1 to 1, and 1 where they order everything alike. Equal
 * values share their mean rank. 0 where one list has only equal values, which orders nothing.
 *
 * @throws {RangeError} If the lists differ in length, have fewer than 2 values, or hold NaN.
 */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length || a.length < 2) {
    throw new InputError(
      `Cannot correlate ${a.length} values with ${b.length}: expected two lists of the same ` +
        "length, 2 or more",
    );
  }
  return correlation(ranks(a), ranks(b));
}

/** The rank of each value, from 0; equal ones get the mean of theirs. */
function ranks(values: ArrayLike<number>): Float64Array {
  const numbers = Float64Array.from(values);
  const wrong = numbers.findIndex(Number.isNaN);
  if (wrong >= 0) throw new InputError(`Cannot rank values: number ${wrong} of them is NaN`);
  const order = Uint32Array.from(numbers, (_, i) => i).sort((i, j) => numbers[i] - numbers[j]);
  const result = new Float64Array(numbers.length);
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && numbers[order[to]] === numbers[order[from]]) to++;
    for (let k = from; k < to; k++) result[order[k]] = (from + to - 1) / 2;
  }
  return result;
}

/** Pearson's correlation. */
function correlation(a: Float64Array, b: Float64Array): number {
  // The mean of ranks is the same whatever is tied.
  const mean = (a.length - 1) / 2;
  let [both, first, second] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] - mean, b[i] - mean];
    both += x * y;
    first += x * x;
    second += y * y;
  }
  return first === 0 || second === 0 ? 0 : both / Math.sqrt(first * second);
}
