import { occlusionGrid } from "./grid.ts";
import type { OcclusionJob } from "./plan.ts";

/**
 * The drops at the middles of the windows, bilinear between them, for each pixel of the input.
 *
 * @param drops By position; NaN where not known.
 * @returns [height, width]; NaN where a neighbour is not known.
 */
export function interpolateDrops(
  { dims, window, stride }: Pick<OcclusionJob, "dims" | "window" | "stride">,
  drops: ArrayLike<number>,
): Float32Array {
  const [height, width] = dims.slice(2);
  const { rows, columns, windows } = occlusionGrid(height, width, window, stride);
  const across = weightsOf(
    width,
    Array.from({ length: columns }, (_, c) => (windows[c].left + windows[c].right) / 2),
  );
  const down = weightsOf(
    height,
    Array.from(
      { length: rows },
      (_, r) => (windows[r * columns].top + windows[r * columns].bottom) / 2,
    ),
  );
  const values = new Float32Array(height * width);
  for (const [y, { low: top, high: bottom, share: v }] of down.entries()) {
    for (const [x, { low, high, share }] of across.entries()) {
      const between = (row: number) =>
        mix(drops[row * columns + low], drops[row * columns + high], share);
      values[y * width + x] = mix(between(top), between(bottom), v);
    }
  }
  return values;
}

const mix = (a: number, b: number, share: number) => share === 0 ? a : a + share * (b - a);

/** For each pixel the middles on either side of its own, and how near it is to the second. */
function weightsOf(extent: number, middles: readonly number[]) {
  let high = 0;
  return Array.from({ length: extent }, (_, pixel) => {
    const place = pixel + 0.5;
    while (high < middles.length - 1 && middles[high] < place) high++;
    const low = middles[high] < place ? high : Math.max(0, high - 1);
    const share = low === high
      ? 0
      : Math.min(1, Math.max(0, (place - middles[low]) / (middles[high] - middles[low])));
    return { low, high, share };
  });
}
