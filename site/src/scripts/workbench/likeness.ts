import { spearman } from "../../../../shared/metrics/spearman.ts";
import type { Tensor } from "../../../../shared/tensor/tensor.ts";

/** Rows and columns in which maps of any size are compared: about those of the coarsest. */
const SIDE = 14;

/**
 * How alike two attribution maps [..., height, width] are: the rank correlation of their magnitudes
 * in 14 x 14 cells, the largest over the planes.
 *
 * @returns -1 to 1; undefined if one of them is a map of a single value.
 */
export function likeness(a: Tensor, b: Tensor): number | undefined {
  const value = spearman(cells(a), cells(b));
  return Number.isNaN(value) ? undefined : value;
}

/** Means of the magnitude in each cell, the largest over the planes at each place. */
export function cells({ dims, data }: Tensor): Float64Array {
  const [height, width] = dims.slice(-2);
  const area = height * width;
  const values = data as Float32Array;
  const magnitudes = new Float64Array(area);
  for (let i = 0; i < values.length; i++) {
    magnitudes[i % area] = Math.max(magnitudes[i % area], Math.abs(values[i]));
  }
  const result = new Float64Array(SIDE * SIDE);
  for (let row = 0; row < SIDE; row++) {
    const [top, bottom] = span(row, height);
    for (let column = 0; column < SIDE; column++) {
      const [left, right] = span(column, width);
      let sum = 0;
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) sum += magnitudes[y * width + x];
      }
      result[row * SIDE + column] = sum / ((bottom - top) * (right - left));
    }
  }
  return result;
}

/** What a cell covers of `extent` values: at least one. */
function span(index: number, extent: number): [start: number, end: number] {
  const start = Math.min(Math.floor(index * extent / SIDE), extent - 1);
  return [start, Math.max(start + 1, Math.floor((index + 1) * extent / SIDE))];
}
