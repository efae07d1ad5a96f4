import { expect, test } from "vitest";
import { enlarge } from "./image.ts";

const pixels = Uint8ClampedArray.of(1, 2, 3, 4, 5, 6, 7, 8);

test("enlarge() repeats every pixel in both directions", () => {
  const { width, height, data } = enlarge({ width: 2, height: 1, data: pixels }, 2);
  expect([width, height]).toEqual([4, 2]);
  const row = [1, 2, 3, 4, 1, 2, 3, 4, 5, 6, 7, 8, 5, 6, 7, 8];
  expect([...data]).toEqual([...row, ...row]);
});

test("enlarge() refuses what is no whole factor", () => {
  const image = { width: 2, height: 1, data: pixels };
  expect(() => enlarge(image, 0.5)).toThrow("Cannot enlarge by 0.5");
  expect(() => enlarge(image, 0)).toThrow(RangeError);
});
