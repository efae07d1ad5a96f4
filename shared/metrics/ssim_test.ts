import { expect, test } from "vitest";
import { normalAt } from "../tensor/random.ts";
import { ssim } from "./ssim.ts";

const map = (width: number, height: number, value: (i: number) => number) => ({
  width,
  height,
  values: Float64Array.from({ length: width * height }, (_, i) => value(i)),
});

const noise = map(15, 13, (i) => normalAt(1, i));

test("ssim() is 1 for equal maps, negative for opposite ones, near 0 for unrelated ones", () => {
  const lifted = (sign: number, seed: number) => map(64, 64, (i) => 5 + sign * normalAt(seed, i));
  expect(ssim(noise, noise)).toBeCloseTo(1, 12);
  expect(ssim(lifted(1, 1), lifted(-1, 1))).toBeLessThan(-0.8);
  expect(Math.abs(ssim(lifted(1, 1), lifted(1, 2)))).toBeLessThan(0.05);
  expect(ssim(map(11, 11, () => 3), map(11, 11, () => 3))).toBe(1);
});

test("ssim() of constant maps is the luminance term alone", () => {
  const c1 = (0.01 * 10) ** 2;
  expect(ssim(map(12, 12, () => 2), map(12, 12, () => 5), 10))
    .toBeCloseTo((2 * 2 * 5 + c1) / (4 + 25 + c1), 10);
});

test("ssim() of one window equals the definition", () => {
  const [a, b] = [map(11, 11, (i) => normalAt(3, i)), map(11, 11, (i) => i % 7)];
  const weights = a.values.map((_, i) =>
    Math.exp(-((i % 11 - 5) ** 2 + (Math.floor(i / 11) - 5) ** 2) / (2 * 1.5 ** 2))
  );
  const total = weights.reduce((x, y) => x + y);
  const mean = (f: (i: number) => number) =>
    weights.reduce((sum, weight, i) => sum + weight / total * f(i), 0);
  const [x, y] = [a.values, b.values];
  const [mx, my] = [mean((i) => x[i]), mean((i) => y[i])];
  const vx = mean((i) => (x[i] - mx) ** 2);
  const vy = mean((i) => (y[i] - my) ** 2);
  const cov = mean((i) => (x[i] - mx) * (y[i] - my));
  const [c1, c2] = [0.04 ** 2, 0.12 ** 2];
  const expected = (2 * mx * my + c1) * (2 * cov + c2) /
    ((mx * mx + my * my + c1) * (vx + vy + c2));
  expect(ssim(a, b, 4)).toBeCloseTo(expected, 10);
});

test("ssim() refuses maps of two sizes, and those smaller than its window", () => {
  expect(() => ssim(noise, map(13, 15, () => 0))).toThrow(
    "Cannot compare a map of 15 x 13 with one of 13 x 15",
  );
  expect(() => ssim(map(10, 12, () => 0), map(10, 12, () => 0))).toThrow("11 x 11 or more");
});
