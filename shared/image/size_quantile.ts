/**
 * The value that a share of the sizes of `values` do not exceed; never 0, so that it can divide. The
 * end of a scale that some outliers are to leave alone.
 */
export function sizeQuantile(values: Float32Array, share: number): number {
  const sorted = values.map(Math.abs).sort();
  const last = sorted.length - 1;
  return sorted[Math.floor(share * last)] || sorted[last] || 1;
}
