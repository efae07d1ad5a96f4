import { expect, test } from "vitest";
import { float32 } from "../../../../shared/tensor/tensor.ts";
import { cells } from "./likeness.ts";

test("cells of a map are means of its magnitude, the largest of the planes", () => {
  const side = 28;
  const data = new Float32Array(2 * side * side);
  // Four values of one cell, of two planes: -1 is larger than 0.5.
  for (const [row, column] of [[0, 0], [0, 1], [1, 0], [1, 1]]) {
    data[row * side + column] = -1;
    data[side * side + row * side + column] = 0.5;
  }
  const found = cells(float32(data, [1, 2, side, side]));
  expect(found).toHaveLength(196);
  expect(found[0]).toBe(1);
  expect(found.subarray(1).every((value) => value === 0)).toBe(true);
});

test("a map of fewer values than cells repeats them", () => {
  const found = cells(float32(Float32Array.of(1, 2, 3, 4), [2, 2]));
  expect([found[0], found[13], found[182], found[195]]).toEqual([1, 2, 3, 4]);
});
