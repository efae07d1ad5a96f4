import { expect, test } from "vitest";
import { rankCorrelation } from "./rank_correlation.ts";

test("rankCorrelation() looks at the order alone", () => {
  expect(rankCorrelation([1, 2, 3, 4], [10, 100, 1000, 1001])).toBeCloseTo(1, 12);
  expect(rankCorrelation([1, 2, 3, 4], [4, 3, 2, 1])).toBeCloseTo(-1, 12);
  // Ranks differ by 1, 1, 0, 1, 1: 1 - 6 * 4 / (5 * 24).
  expect(rankCorrelation([1, 2, 3, 4, 5], [2, 1, 3, 5, 4])).toBeCloseTo(0.8, 12);
});

test("rankCorrelation() gives equal values the mean of their ranks", () => {
  // Ranks 0, 1.5, 1.5, 3 and 0, 1, 2, 3.
  expect(rankCorrelation([1, 2, 2, 3], [1, 2, 3, 4])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12);
  expect(rankCorrelation([1, 1, 1], [1, 2, 3])).toBeNaN();
});

test("rankCorrelation() refuses what has no rank", () => {
  expect(() => rankCorrelation([1, 2, 3], [1, NaN, 3])).toThrow("value 1 is NaN");
});
