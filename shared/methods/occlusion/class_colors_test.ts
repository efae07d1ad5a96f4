import { expect, test } from "vitest";
import { classColors, OTHER_COLOR } from "./class_colors.ts";

test("classColors() gives the frequent classes colours of their own", () => {
  const { named, others, colorOf } = classColors([5, 7, 7, NaN, 7, 5, 9]);
  expect(named.map(({ index, count }) => [index, count])).toEqual([[7, 3], [5, 2], [9, 1]]);
  expect(new Set(named.map(({ color }) => `${color}`)).size).toBe(3);
  expect(colorOf(5)).toBe(named[1].color);
  expect(others).toEqual({ classes: 0, count: 0 });
});

test("classColors() has one colour for all classes beyond the seventh", () => {
  const { named, others, colorOf } = classColors(Array.from({ length: 10 }, (_, i) => i));
  expect(named).toHaveLength(7);
  expect(others).toEqual({ classes: 3, count: 3 });
  expect(colorOf(8)).toBe(OTHER_COLOR);
});
