import { expect, test } from "vitest";
import { simplifyLine } from "./simplify_line.ts";

const line = (...places: readonly (readonly [number, number])[]) =>
  places.map(([x, y]) => ({ x, y }));

test("simplifyLine() keeps corners, and leaves out what lies on the way", () => {
  const corner = line([0, 0], [1, 0.1], [2, 0], [2.1, 1], [2, 2]);
  expect(simplifyLine(corner, 0.2)).toEqual(line([0, 0], [2, 0], [2, 2]));
  expect(simplifyLine(corner, 0.05)).toEqual(corner);
});

test("simplifyLine() keeps a loop that ends where it began, and makes a dot of a tremor", () => {
  const loop = line([0, 0], [5, 0], [5, 5], [0, 0]);
  expect(simplifyLine(loop, 1)).toEqual(loop);
  expect(simplifyLine(line([3, 3], [3.1, 3], [3, 3.1]), 0.5)).toEqual(line([3, 3]));
  expect(simplifyLine(line([7, 1]), 1)).toEqual(line([7, 1]));
});
