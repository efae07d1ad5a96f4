import fc from "fast-check";
import { expect, test } from "vitest";
import { averagePrecision } from "./average_precision.ts";

test("averagePrecision() by hand", () => {
  // The object's pixels come first, third and fifth.
  expect(averagePrecision([5, 4, 3, 2, 1], [1, 0, 1, 0, 1])).toBeCloseTo(
    (1 / 1 + 2 / 3 + 3 / 5) / 3,
    12,
  );
  // Of equals, all count at once.
  expect(averagePrecision([2, 2, 1, 1], [1, 0, 0, 1])).toBeCloseTo((1 / 2 + 2 / 4) / 2, 12);
});

test("averagePrecision() is 1 of the mask, and the object's share of what knows nothing", () => {
  const masks = fc.array(fc.constantFrom(0, 1), { minLength: 1 }).filter((mask) =>
    mask.includes(1)
  );
  fc.assert(fc.property(masks, (mask) => {
    const share = mask.filter((one) => one === 1).length / mask.length;
    expect(averagePrecision(mask, mask)).toBe(1);
    expect(averagePrecision(mask.map(() => 7), mask)).toBeCloseTo(share, 12);
  }));
});

test("averagePrecision() refuses what it cannot compare", () => {
  expect(() => averagePrecision([1, 2], [1])).toThrow("a map of 2 pixels with a mask of 1");
  expect(() => averagePrecision([1, NaN], [1, 1])).toThrow("it holds NaN");
  expect(() => averagePrecision([1, 2], [0, 0])).toThrow("a mask that is empty");
});
