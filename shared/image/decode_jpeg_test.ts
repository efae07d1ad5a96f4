import { expect, test } from "vitest";
import { displayP3 } from "../../tests/color_profiles.ts";
import { cmykInverted, cmykPlain, cmykProgressive, ycck } from "../../tests/ink_jpegs.ts";
import { jpegFile } from "../../tests/jpeg.ts";
import { decodeImage } from "./decode_image.ts";
import type { Image } from "./image.ts";

const rgbAt = ({ data, width }: Image, x: number, y: number) => [
  ...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 3),
];

// What Pillow makes of them; its inverse DCT rounds in other places.
const INKS = [[226, 34, 43], [19, 103, 191], [255, 255, 255]];
const ROUNDED = 2;

test.each([
  ["inverted CMYK", cmykInverted, INKS],
  ["progressive CMYK", cmykProgressive, INKS],
  ["CMYK", cmykPlain, INKS],
  ["YCCK", ycck, [[63, 217, 141], [105, 49, 127], [5, 5, 5]]],
])("decodeImage() reads %s JPEG files", async (name, file, colors) => {
  const image = await decodeImage(file);
  const found = [[3, 3], [12, 3], [12, 12]].map(([x, y]) => rgbAt(image, x, y));
  for (const [i, color] of colors.entries()) {
    for (let c = 0; c < 3; c++) {
      expect(Math.abs(found[i][c] - color[c]), `${name} ${found}`).toBeLessThanOrEqual(ROUNDED);
    }
  }
  expect(image.notes).toHaveLength(1);
  expect(image.notes[0]).toContain("its colours are CMYK");
});

test("decodeImage() refuses CMYK JPEG files that are cut off or broken", async () => {
  for (const length of [40, 200, cmykInverted.length - 8]) {
    await expect(decodeImage(cmykInverted.slice(0, length))).rejects.toThrow(
      /^Cannot read the JPEG/,
    );
  }
});

const size = { width: 40, height: 24 };
const data = Uint8ClampedArray.from({ length: 4 * 40 * 24 }, (_, i) => i % 4 === 3 ? 255 : i % 251);
const jpeg = await jpegFile({ ...size, data });

test("decodeImage() reads a JPEG file that lacks nothing but its end, and says so", async () => {
  const image = await decodeImage(jpeg.slice(0, -2));
  expect(image.data).toEqual((await decodeImage(jpeg)).data);
  expect(image.notes).toEqual(["the file is cut off behind its pixels"]);
  await expect(decodeImage(jpeg.slice(0, -60))).rejects.toThrow(
    /cut off: its data end before the last/,
  );
  const progressive = await jpegFile({ ...size, data }, { progressive: true });
  await expect(decodeImage(progressive.slice(0, -2))).rejects.toThrow(/the file is cut off/);
});

test("decodeImage() joins the parts of a JPEG file's colour profile, in their order", async () => {
  const { profile } = displayP3;
  const part = (number: number, bytes: Uint8Array) => [
    ...[0xff, 0xe2, (bytes.length + 16) >> 8, (bytes.length + 16) & 255],
    ...new TextEncoder().encode("ICC_PROFILE\0"),
    ...[number, 2],
    ...bytes,
  ];
  const parts = [...part(2, profile.subarray(200)), ...part(1, profile.subarray(0, 200))];
  const image = await decodeImage(
    Uint8Array.from([...jpeg.slice(0, 2), ...parts, ...jpeg.slice(2)]),
  );
  expect(image.notes).toEqual(['its colours are converted from colour profile "Display P3"']);
});
