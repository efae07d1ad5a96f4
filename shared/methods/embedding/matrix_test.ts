import { expect, test } from "vitest";
import { neighbourLists, rowOf, squaredDistances } from "./matrix.ts";

const square = { rows: 4, columns: 2, data: Float64Array.of(0, 0, 3, 4, 0, 1, 0, -1) };

test("squaredDistances() are those of all pairs", () => {
  const distances = squaredDistances(square);
  expect([...rowOf(distances, 0)]).toEqual([0, 25, 1, 1]);
  expect([...rowOf(distances, 1)]).toEqual([25, 0, 18, 34]);
});

test("neighbourLists() go from near to far, without the row itself", () => {
  const lists = neighbourLists(squaredDistances(square));
  expect(lists.map((list) => [...list])).toEqual([[2, 3, 1], [2, 0, 3], [0, 3, 1], [0, 2, 1]]);
});
