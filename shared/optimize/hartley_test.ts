import { expect, test } from "vitest";
import { frequencies, hartleyMatrix } from "./hartley.ts";

test.each([1, 2, 7, 12])("hartleyMatrix(%i) is its own inverse", (n) => {
  const h = hartleyMatrix(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += h[i * n + k] * h[k * n + j];
      expect(sum).toBeCloseTo(i === j ? 1 : 0, 5);
    }
  }
});

test("hartleyMatrix() turns a wave into its own frequency alone", () => {
  const [n, k] = [16, 3];
  const h = hartleyMatrix(n);
  const power = Array.from({ length: n }, (_, row) => {
    let sum = 0;
    for (let x = 0; x < n; x++) sum += h[row * n + x] * Math.cos(2 * Math.PI * k * x / n + 0.4);
    return sum * sum;
  });
  power.forEach((p, row) => row === k || row === n - k || expect(p).toBeCloseTo(0, 8));
  expect(power[k] + power[n - k]).toBeCloseTo(n / 2, 4);
});

test("frequencies() rise to half a cycle per pixel and fall again, along both axes", () => {
  expect([...frequencies(1, 5)].map((f) => 5 * f)).toEqual(
    [0, 1, 2, 2, 1].map((f) => expect.closeTo(f, 5)),
  );
  expect(frequencies(4, 2)).toHaveLength(8);
  expect(frequencies(4, 2)[5]).toBeCloseTo(Math.hypot(0.5, 0.5), 6);
});
