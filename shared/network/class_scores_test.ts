import { expect, test } from "vitest";
import { argmax, softmax } from "./class_scores.ts";

test("argmax() takes the first of equals", () => {
  expect(argmax([1, 3, 3, 2])).toBe(1);
  expect(argmax([-5, -1])).toBe(1);
});

test("softmax() sums to 1 and survives large scores", () => {
  expect([...softmax(new Float32Array([1000, 1000]))]).toEqual([0.5, 0.5]);
  const [a, b] = softmax(new Float32Array([0, Math.log(3)]));
  expect(a).toBeCloseTo(0.25, 6);
  expect(b).toBeCloseTo(0.75, 6);
});
