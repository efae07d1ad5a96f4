import fc from "fast-check";
import { expect, test } from "vitest";
import { attributionOf } from "./arrays.ts";
import { occlusionGrid } from "./grid.ts";

test("attributionOf() is the plain mean over the known windows that cover a pixel", () => {
  const drop = fc.oneof(fc.double({ min: -10, max: 10, noNaN: true }), fc.constant(NaN));
  const cases = fc.record({
    height: fc.integer({ min: 4, max: 12 }),
    width: fc.integer({ min: 4, max: 12 }),
    window: fc.integer({ min: 1, max: 4 }),
    stride: fc.integer({ min: 1, max: 4 }),
    drops: fc.array(drop, { minLength: 144, maxLength: 144 }),
  }).filter(({ window, stride }) => stride <= window);
  fc.assert(fc.property(cases, ({ height, width, window, stride, drops }) => {
    const { windows } = occlusionGrid(height, width, window, stride);
    const { data, dims } = attributionOf([1, 2, height, width], windows, drops);
    expect(dims).toEqual([1, 2, height, width]);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const covering = drops.slice(0, windows.length).filter((value, i) => {
          const { top, left, bottom, right } = windows[i];
          return top <= y && y < bottom && left <= x && x < right && !Number.isNaN(value);
        });
        const expected = covering.reduce((sum, value) => sum + value, 0) / covering.length;
        for (const channel of [0, 1]) {
          const actual = data[(channel * height + y) * width + x];
          if (covering.length === 0) expect(actual).toBeNaN();
          else expect(actual).toBeCloseTo(expected, 5);
        }
      }
    }
  }));
});
