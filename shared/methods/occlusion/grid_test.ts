import fc from "fast-check";
import { expect, test } from "vitest";
import { latticeLines, occlusionGrid } from "./grid.ts";

test("occlusionGrid() of 224 pixels, window 32, stride 16 has 13 x 13 whole windows", () => {
  const { rows, columns, windows } = occlusionGrid(224, 224, 32, 16);
  expect([rows, columns, windows.length]).toEqual([13, 13, 169]);
  expect(windows[14]).toEqual({ top: 16, left: 16, bottom: 48, right: 48 });
});

test("occlusionGrid() cuts the last window at the border where the stride does not divide", () => {
  const { rows, columns, windows } = occlusionGrid(10, 7, 4, 4);
  expect([rows, columns]).toEqual([3, 2]);
  expect(windows.at(-1)).toEqual({ top: 8, left: 4, bottom: 10, right: 7 });
});

test("occlusionGrid() covers every pixel, in row-major order, with no window outside", () => {
  const sizes = fc.record({
    height: fc.integer({ min: 1, max: 40 }),
    width: fc.integer({ min: 1, max: 40 }),
    window: fc.integer({ min: 1, max: 40 }),
    stride: fc.integer({ min: 1, max: 40 }),
  }).filter(({ height, width, window, stride }) =>
    window <= Math.min(height, width) && stride <= window
  );
  fc.assert(fc.property(sizes, ({ height, width, window, stride }) => {
    const { rows, columns, windows } = occlusionGrid(height, width, window, stride);
    const covered = new Set<number>();
    for (const [i, { top, left, bottom, right }] of windows.entries()) {
      expect([top, left]).toEqual([Math.floor(i / columns) * stride, (i % columns) * stride]);
      expect(top < bottom && left < right && bottom <= height && right <= width).toBe(true);
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) covered.add(y * width + x);
      }
    }
    expect(windows.length).toBe(rows * columns);
    expect(covered.size).toBe(height * width);
  }));
});

test.each([
  [0, 1, "the window is 0 pixels, expected 1 to 20 for an input of 30 x 20"],
  [21, 1, "the window is 21 pixels, expected 1 to 20"],
  [2.5, 1, "the window is 2.5 pixels"],
  [8, 0, "the stride is 0 pixels, expected 1 to 8 (the window)"],
  [8, 9, "the stride is 9 pixels, expected 1 to 8 (the window)"],
  [8, NaN, "the stride is NaN pixels"],
])("occlusionGrid() refuses window %f with stride %f", (window, stride, message) => {
  expect(() => occlusionGrid(20, 30, window, stride)).toThrow(`Cannot occlude: ${message}`);
});

test("latticeLines() has every line once, each between two coarser ones", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 60 }), (count) => {
    const lines = latticeLines(count);
    expect(lines.map(({ at }) => at)).toEqual(Array.from({ length: count }, (_, i) => i));
    for (const { at, level, before, after } of lines) {
      if (level === 0) {
        expect([before, after]).toEqual([at, at]);
        continue;
      }
      expect(before < at && at < after).toBe(true);
      expect(lines[before].level).toBeLessThan(level);
      expect(lines[after].level).toBeLessThan(level);
    }
    expect([lines[0].level, lines[count - 1].level]).toEqual([0, 0]);
  }));
});
