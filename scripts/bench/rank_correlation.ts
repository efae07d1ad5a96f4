/**
 * Spearman's rank correlation: 1 where two lists rise and fall together. Equal values share the
 * mean of their ranks.
 *
 * @returns NaN where all values of a list are equal.
 * @throws {RangeError} If a value is NaN, which has no rank.
 */
export function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [x, y] = [ranks(a), ranks(b)];
  const mean = (x.length - 1) / 2;
  let [both, squaresX, squaresY] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    both += (x[i] - mean) * (y[i] - mean);
    squaresX += (x[i] - mean) ** 2;
    squaresY += (y[i] - mean) ** 2;
  }
  return both / Math.sqrt(squaresX * squaresY);
}

function ranks(values: ArrayLike<number>): Float64Array {
  const missing = Array.from(values).findIndex(Number.isNaN);
  if (missing >= 0) throw new RangeError(`Cannot rank the values: value ${missing} is NaN`);
  const order = Array.from(values, (_, i) => i).sort((a, b) => values[a] - values[b]);
  const result = new Float64Array(values.length);
  for (let first = 0, next = 0; first < order.length; first = next) {
    next = first + 1;
    while (next < order.length && values[order[next]] === values[order[first]]) next++;
    for (let i = first; i < next; i++) result[order[i]] = (first + next - 1) / 2;
  }
  return result;
}
