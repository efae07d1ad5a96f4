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
