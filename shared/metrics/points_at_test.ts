import { expect, test } from "vitest";
import { pointsAt } from "./points_at.ts";

const WIDTH = 9;
const HEIGHT = 7;

/** A list with a 1 at some places, given as [row, column]. */
function marks(...places: (readonly [number, number])[]): Uint8Array {
  const values = new Uint8Array(WIDTH * HEIGHT);
  for (const [row, column] of places) values[row * WIDTH + column] = 1;
  return values;
}

const map = (...places: (readonly [number, number])[]) => ({
  width: WIDTH,
  height: HEIGHT,
  values: marks(...places),
});

test("pointsAt() is a hit on the object, and nearer to it than the tolerance", () => {
  const mask = marks([2, 3], [2, 4]);
  expect(pointsAt(map([2, 4]), mask, 0)).toBe(true);
  expect(pointsAt(map([5, 8]), mask, 5)).toBe(false);
  expect(pointsAt(map([5, 8]), mask, 5.01)).toBe(true);
  expect(pointsAt(map([0, 0]), marks([6, 8]), 100)).toBe(true);
});

test("pointsAt() does not reach around the edge, and an empty mask is never hit", () => {
  expect(pointsAt(map([2, 8]), marks([3, 0]), 3)).toBe(false);
  expect(pointsAt(map([2, 8]), marks(), 100)).toBe(false);
});

test("pointsAt() takes the first of equal values, and a tolerance in proportion", () => {
  expect(pointsAt(map([0, 0], [5, 5]), marks([5, 5]), 2)).toBe(false);
  const large = { width: 300, height: 224, values: new Uint8Array(300 * 224) };
  large.values[0] = 1;
  const at = (column: number) => {
    const mask = new Uint8Array(large.values.length);
    mask[column] = 1;
    return pointsAt(large, mask);
  };
  expect([at(14), at(15)]).toEqual([true, false]);
});

test("pointsAt() refuses a mask of another size and a map that is no map", () => {
  expect(() => pointsAt(map(), new Uint8Array(4))).toThrow(
    "Cannot compare a map of 9 x 7 with a mask of 4 pixels",
  );
  expect(() => pointsAt({ width: 2, height: 1, values: [0, NaN] }, [0, 1])).toThrow(
    "value 1 of it is NaN",
  );
});
