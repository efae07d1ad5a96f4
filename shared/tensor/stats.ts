/** The value below which a share of the values lies; one of them. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** The middle of the sorted values; the upper of two. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);

/**
 * The value below which `percent` of the values lie, interpolated between neighbours as NumPy does.
 *
 * @param percent From 0 to 100.
 */
export function percentile(values: Float32Array, percent: number): number {
  const sorted = values.toSorted();
  const place = percent / 100 * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low + (high - low) * (place - Math.floor(place));
}

/**
 * The value that a share of the sizes of `values` do not exceed; never 0, so that it can divide. The
 * end of a scale that some outliers are to leave alone.
 */
export function sizeQuantile(values: Float32Array, share: number): number {
  const sorted = values.map(Math.abs).sort();
  const last = sorted.length - 1;
  return sorted[Math.floor(share * last)] || sorted[last] || 1;
}

/** At most `count` items, evenly from all. */
export function spread<Item>(items: readonly Item[], count: number): readonly Item[] {
  const step = items.length / Math.min(count, items.length);
  return Array.from(
    { length: Math.min(count, items.length) },
    (_, i) => items[Math.floor(i * step)],
  );
}
