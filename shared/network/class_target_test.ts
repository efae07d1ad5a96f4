import { expect, test } from "vitest";
import { resolveTarget } from "./class_target.ts";

const labels = ["tabby cat", "golden retriever", "espresso"];

test.each([
  ["top-1", 1],
  ["Top-1", 1],
  ["2", 2],
  ["espresso", 2],
  ["Tabby Cat", 0],
])("resolveTarget(%s) is class %i", (requested, index) => {
  expect(resolveTarget(requested, [0.2, 0.7, 0.1], labels)).toEqual({
    index,
    label: labels[index],
  });
});

test("resolveTarget() refuses a class that is not there", () => {
  expect(() => resolveTarget("3", [0.2, 0.7, 0.1], labels)).toThrow(RangeError);
  expect(() => resolveTarget("zebra", [0.2, 0.7, 0.1], labels)).toThrow("zebra");
});
