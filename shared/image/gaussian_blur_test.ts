import { expect, test } from "vitest";
import { gaussianBlur } from "./gaussian_blur.ts";

/** One white pixel in the middle of black. */
function point(size: number) {
  const data = new Uint8ClampedArray(size * size * 4);
  for (let i = 3; i < data.length; i += 4) data[i] = 255;
  const middle = 4 * ((size >> 1) * size + (size >> 1));
  data.fill(255, middle, middle + 3);
  return { width: size, height: size, data };
}

test("gaussianBlur() spreads a point as the Gaussian's product of two axes", () => {
  const sigma = 1.5;
  const { data, width } = gaussianBlur(point(21), sigma);
  const weights = Array.from({ length: 13 }, (_, i) => Math.exp(-(((i - 6) / sigma) ** 2) / 2));
  const sum = weights.reduce((a, b) => a + b);
  for (let y = -6; y <= 6; y++) {
    for (let x = -6; x <= 6; x++) {
      const expected = 255 * weights[x + 6] * weights[y + 6] / sum ** 2;
      expect(Math.abs(data[4 * ((10 + y) * width + 10 + x)] - expected)).toBeLessThan(0.51);
    }
  }
});

test("gaussianBlur() keeps a flat picture, its borders too", () => {
  const data = new Uint8ClampedArray(5 * 3 * 4).fill(77);
  expect(gaussianBlur({ width: 5, height: 3, data }, 4).data).toEqual(data);
});

test("gaussianBlur() with sigma 0 is a copy; a negative one is refused", () => {
  const image = point(3);
  expect(gaussianBlur(image, 0)).toEqual(image);
  for (const bad of [-1, NaN, Infinity]) {
    expect(() => gaussianBlur(image, bad)).toThrow(
      `Cannot blur with a sigma of ${bad}: it must be 0 or more`,
    );
  }
});
