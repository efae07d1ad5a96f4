import { expect, test } from "vitest";
import { colorBar } from "./color_bar.ts";
import { BLUE_RED, VIRIDIS } from "./colormap.ts";
import { blank, drawText, measureText } from "./draw_text.ts";
import { formatNumber } from "./format_number.ts";
import type { Image } from "./image.ts";
import { montage } from "./montage.ts";

/** Whether `text` stands in the image with its top left at (x, y). */
function shows(image: Image, x: number, y: number, text: string): boolean {
  const { width, height } = measureText(text);
  const ink = blank(width, height, [255, 255, 255]);
  drawText(ink, 0, 0, text);
  for (let v = 0; v < height; v++) {
    for (let u = 0; u < width; u++) {
      if (ink.data[4 * (v * width + u)] !== image.data[4 * ((y + v) * image.width + x + u)]) {
        return false;
      }
    }
  }
  return true;
}

test("formatNumber() keeps three digits", () => {
  const cases: [number, string][] = [
    [0, "0"],
    [-0.25, "-0.25"],
    [1234.5, "1230"],
    [0.00012345, "1.2e-4"],
    [1e7, "1.0e7"],
    [NaN, "NaN"],
  ];
  for (const [value, text] of cases) expect(formatNumber(value)).toBe(text);
});

test("colorBar() prints both ends, and zero between them", () => {
  const bar = colorBar(BLUE_RED, { min: -0.5, max: 0.5 }, { width: 200 });
  expect([...bar.data.subarray(0, 3)]).toEqual([0x05, 0x30, 0x61]);
  const y = 15;
  expect(shows(bar, 0, y, "-0.5")).toBe(true);
  expect(shows(bar, 200 - measureText("0.5").width, y, "0.5")).toBe(true);
  const zeros = [95, 96, 97, 98, 99].filter((x) => shows(bar, x, y, "0"));
  expect(zeros.length).toBe(1);
});

test("colorBar() leaves zero out where it would run into an end", () => {
  const bar = colorBar(VIRIDIS, { min: -0.001, max: 1 }, { width: 100 });
  expect(shows(bar, 0, 15, "-0.001")).toBe(true);
});

test("drawText() cuts off what leaves the image, and boxes what it has no glyph for", () => {
  const image = blank(10, 10, [255, 255, 255]);
  drawText(image, -3, 6, "WWWW");
  expect(image.data.length).toBe(400);
  const unknown = blank(6, 8, [255, 255, 255]);
  drawText(unknown, 0, 0, "\u65e5");
  expect(unknown.data[0]).toBe(0);
  expect(measureText("L\u00e9on").width).toBe(measureText("Leon").width);
});

test("montage() arranges images in rows, and refuses none", () => {
  const tiles = [1, 2, 3].map((shade) => ({ image: blank(10, 8, [shade, 0, 0]) }));
  const sheet = montage(tiles, { columns: 2, gap: 1 });
  expect([sheet.width, sheet.height]).toEqual([23, 19]);
  expect(sheet.data[4 * (10 * 23 + 1)]).toBe(3);
  expect(() => montage([])).toThrow("Cannot arrange images: there are none");
});
