import { expect, test } from "vitest";
import { spearman } from "./spearman.ts";

test("spearman() is 1 for the same order and -1 for the opposite one", () => {
  const values = [3, -1, 10, 0.5];
  expect(spearman(values, values.map((value) => Math.exp(value)))).toBe(1);
  expect(spearman(values, values.map((value) => -(value ** 3)))).toBe(-1);
});

test("spearman() without ties is 1 - 6 sum d^2 / (n (n^2 - 1))", () => {
  const [a, b] = [[86, 97, 99, 100, 101, 103, 106, 110, 112, 113], [
    2,
    20,
    28,
    27,
    50,
    29,
    7,
    17,
    6,
    12,
  ]];
  expect(spearman(a, b)).toBeCloseTo(1 - 6 * 194 / 990, 12);
});

test("spearman() gives ties their mean rank", () => {
  // Ranks 0, 1.5, 1.5, 3 and 0, 1, 2, 3: covariance 4.5, variances 4.5 and 5.
  expect(spearman([1, 2, 2, 3], [1, 2, 3, 4])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12);
  expect(spearman([1, 1, 1], [1, 2, 3])).toBe(0);
});

test("spearman() takes -Infinity to Infinity, and refuses what has no order", () => {
  expect(spearman([-Infinity, 0, Infinity], [1, 2, 3])).toBe(1);
  expect(() => spearman([1, NaN], [1, 2])).toThrow("Cannot rank values: number 1 of them is NaN");
  expect(() => spearman([1, 2], [1, 2, 3])).toThrow("Cannot correlate 2 values with 3");
  expect(() => spearman([1], [1])).toThrow("Cannot correlate 1 values with 1");
});
