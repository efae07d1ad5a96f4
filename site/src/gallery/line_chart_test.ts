import { expect, test } from "vitest";
import { chartTicks } from "./line_chart.ts";

test("chartTicks() are round, begin at 0, and reach the largest value", () => {
  expect(chartTicks(49.4)).toEqual([0, 10, 20, 30, 40, 50]);
  expect(chartTicks(141.4)).toEqual([0, 25, 50, 75, 100, 125, 150]);
  expect(chartTicks(6)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(chartTicks(0.31)).toEqual([0, 0.1, 0.2, 0.3, 0.4]);
  expect(chartTicks(0)).toEqual([0, 1]);
});
