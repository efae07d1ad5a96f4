import { expect, test } from "vitest";
import { BLUE_RED, colorAt, VIRIDIS } from "./colormap.ts";
import { heatmap, overlay, valueRange } from "./heatmap.ts";
import { blank } from "./image.ts";

test("colorAt() interpolates between the colours, and clamps", () => {
  expect(colorAt(BLUE_RED, 0.5)).toEqual([0xf7, 0xf7, 0xf7]);
  expect(colorAt(BLUE_RED, 0.05)).toEqual([19, 75, 135]);
  expect(colorAt(VIRIDIS, -3)).toEqual([0x44, 0x01, 0x54]);
  expect(colorAt(VIRIDIS, 3)).toEqual([0xfd, 0xe7, 0x25]);
  expect(colorAt(BLUE_RED, NaN)).toEqual([0xf7, 0xf7, 0xf7]);
});

test("the sequential map rises evenly in lightness, the diverging one is lightest in the middle", () => {
  const luma = (map: typeof VIRIDIS) =>
    map.colors.map(([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b);
  const rising = luma(VIRIDIS);
  expect(rising).toEqual(rising.toSorted((a, b) => a - b));
  const both = luma(BLUE_RED);
  expect(Math.max(...both)).toBe(both[5]);
});

test("valueRange() of a diverging map is symmetric and ignores what is no number", () => {
  const values = [-1, 3, NaN, Infinity];
  expect(valueRange(values, "diverging")).toEqual({ min: -3, max: 3 });
  expect(valueRange(values, "sequential")).toEqual({ min: -1, max: 3 });
  expect(valueRange([], "sequential")).toEqual({ min: 0, max: 0 });
});

test("heatmap() gives zero the middle colour, and a flat map too", () => {
  const { data } = heatmap({ width: 3, height: 1, values: [-2, 0, 1] }, BLUE_RED);
  expect([...data.subarray(0, 8)]).toEqual([0x05, 0x30, 0x61, 255, 0xf7, 0xf7, 0xf7, 255]);
  const flat = heatmap({ width: 1, height: 1, values: [0] }, BLUE_RED);
  expect([...flat.data]).toEqual([0xf7, 0xf7, 0xf7, 255]);
});

test("overlay() shows the grey image at opacity 0 and the map's own colours at 1", () => {
  const image = blank(4, 4, [255, 0, 0]);
  const grid = { width: 2, height: 2, values: [-1, 1, -1, 1] };
  expect([...overlay(image, grid, BLUE_RED, { opacity: 0 }).data.subarray(0, 3)])
    .toEqual([76, 76, 76]);
  const full = overlay(image, grid, BLUE_RED, { opacity: 1 }).data;
  expect([...full.subarray(0, 3)]).toEqual([0x05, 0x30, 0x61]);
  expect([...full.subarray(12, 15)]).toEqual([0x67, 0x00, 0x1f]);
  expect(() => overlay(image, grid, BLUE_RED, { opacity: 2 })).toThrow(RangeError);
});
