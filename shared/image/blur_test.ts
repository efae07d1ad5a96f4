import { expect, test } from "vitest";
import { randomTensor } from "../../tests/networks.ts";
import { float32 } from "../tensor/tensor.ts";
import { blurPlanes } from "./blur.ts";

test("blurPlanes() of a dot is the Gaussian, in its plane alone", () => {
  const side = 21;
  const data = new Float32Array(2 * side * side);
  data[10 * side + 10] = 1;
  const blurred = blurPlanes(float32(data, [1, 2, side, side]), 1.5).data;
  const line = Array.from(
    { length: side },
    (_, i) => Math.abs(i - 10) <= 6 ? Math.exp(-((i - 10) ** 2) / 4.5) : 0,
  );
  const sum = line.reduce((a, b) => a + b);
  for (let i = 0; i < side * side; i++) {
    const expected = line[Math.floor(i / side)] * line[i % side] / sum / sum;
    expect(blurred[i]).toBeCloseTo(expected, 6);
    expect(blurred[side * side + i]).toBe(0);
  }
});

test("blurPlanes() mirrors at the border, so that the sum stays, and 0 changes nothing", () => {
  const x = randomTensor([1, 1, 5, 3], 4);
  const sum = (values: Float32Array) => values.reduce((a, b) => a + b);
  expect(sum(blurPlanes(x, 2).data)).toBeCloseTo(sum(x.data), 4);
  expect(blurPlanes(x, 0).data).toEqual(x.data);
});

test("blurPlanes() equals SciPy's gaussian_filter1d([1, 2, 4, 8], 0.5)", () => {
  const line = float32(Float32Array.of(1, 2, 4, 8), [1, 1, 1, 4]);
  const expected = [1.10750623, 2.1077701, 4.21316541, 7.57155826];
  [...blurPlanes(line, 0.5).data].forEach((v, i) => expect(v).toBeCloseTo(expected[i], 4));
});
