import { expect, test } from "vitest";
import { rankOf, topClass } from "./top_classes.ts";

test("the highest score wins, the first of equal ones", () => {
  expect(topClass([1, 3, 2])).toBe(1);
  expect(topClass([-2, -1, -1])).toBe(1);
});

test("a rank counts the scores above", () => {
  expect([0, 1, 2, 3].map((index) => rankOf(index, [4, 9, 4, 1]))).toEqual([1, 0, 1, 3]);
});
