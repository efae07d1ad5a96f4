import { expect, test } from "vitest";
import { normalAt, uniformAt } from "./random.ts";

const count = 20_000;
const sample = (draw: (index: number) => number) =>
  Array.from({ length: count }, (_, i) => draw(i));
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test("uniformAt() is even over [0, 1)", () => {
  const bins = new Array(10).fill(0);
  for (const value of sample((i) => uniformAt(1, i))) bins[Math.floor(value * 10)]++;
  // Five standard deviations of a bin's count.
  for (const bin of bins) {
    expect(Math.abs(bin - count / 10)).toBeLessThan(5 * Math.sqrt(count / 10));
  }
});

test("uniformAt() draws unrelated streams for neighbouring seeds", () => {
  for (const [a, b] of [[0, 1], [1, 2], [7, 8]]) {
    const products = sample((i) => (uniformAt(a, i) - 0.5) * (uniformAt(b, i) - 0.5) * 12);
    expect(Math.abs(mean(products))).toBeLessThan(5 / Math.sqrt(count));
  }
});

test("uniformAt() depends on seed and index alone", () => {
  expect(uniformAt(3, 5)).toBe(uniformAt(3, 5));
  expect(uniformAt(3, 5)).not.toBe(uniformAt(5, 3));
});

test("normalAt() has mean 0 and variance 1", () => {
  const values = sample((i) => normalAt(2, i));
  expect(Math.abs(mean(values))).toBeLessThan(5 / Math.sqrt(count));
  expect(Math.abs(mean(values.map((v) => v * v)) - 1)).toBeLessThan(5 * Math.sqrt(2 / count));
  expect(values.every(Number.isFinite)).toBe(true);
});
