import type { Grid } from "./heatmap.ts";

/** The value at (u, v) of 0..1, bilinear between the middles of the grid's cells. */
export function sampleGrid({ width, height, values }: Grid, u: number, v: number): number {
  const x = Math.min(width - 1, Math.max(0, u * width - 0.5));
  const y = Math.min(height - 1, Math.max(0, v * height - 0.5));
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [right, bottom] = [Math.min(left + 1, width - 1), Math.min(top + 1, height - 1)];
  const [fx, fy] = [x - left, y - top];
  const row = (at: number) =>
    (1 - fx) * values[at * width + left] + fx * values[at * width + right];
  return (1 - fy) * row(top) + fy * row(bottom);
}

/** The grid stretched to `width` x `height` values, as PyTorch interpolates without aligned corners. */
export function stretchGrid(grid: Grid, width: number, height: number): Float32Array {
  return Float32Array.from(
    { length: width * height },
    (_, i) => sampleGrid(grid, (i % width + 0.5) / width, (Math.floor(i / width) + 0.5) / height),
  );
}
