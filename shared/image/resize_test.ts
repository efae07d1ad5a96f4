import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { goldens, photos, skipWithout } from "../../tests/data.ts";
import { uniformAt } from "../tensor/random.ts";
import { decodeNpy } from "../tensor/npy.ts";
import { crop } from "./crop.ts";
import { decodeImage } from "./decode_image.ts";
import type { Image } from "./image.ts";
import { resize } from "./resize.ts";

function noise(width: number, height: number, opaque = true): Image {
  const data = Uint8ClampedArray.from(
    { length: width * height * 4 },
    (_, i) => opaque && i % 4 === 3 ? 255 : 255 * uniformAt(1, i),
  );
  return { width, height, data };
}

test.skipIf(skipWithout(goldens && photos, "comparing with Pillow"))(
  "resize() equals Pillow to the last bit",
  async () => {
    for (const [name, width] of [["chelsea", 384], ["coffee", 384]] as const) {
      const photo = await decodeImage(readFileSync(join(photos!, `${name}.png`)));
      const box = { left: 80, top: 16, width: 224, height: 224 };
      const { data } = resize(photo, width, 256, { crop: box });
      const file = readFileSync(join(goldens!, `preprocess/${name}-256-centre224.npy`));
      const golden = decodeNpy(file).data;
      const rgb = data.filter((_, i) => i % 4 !== 3);
      expect(rgb.length).toBe(golden.length);
      expect(rgb.every((value, i) => value === golden[i]), name).toBe(true);
    }
  },
);

test("resize() to the same size changes nothing", () => {
  const image = noise(7, 5);
  expect(resize(image, 7, 5)).toEqual(image);
});

test("resize() with a crop equals cropping afterwards", () => {
  const image = noise(40, 30);
  const box = { left: 3, top: 11, width: 9, height: 4 };
  for (const [width, height] of [[20, 17], [90, 61]]) {
    expect(resize(image, width, height, { crop: box })).toEqual(
      crop(resize(image, width, height), box),
    );
  }
});

test("resize() of a panorama takes no more than its crop", () => {
  const image = noise(20_000, 2);
  const start = performance.now();
  const box = { left: 1_279_000, top: 10, width: 224, height: 224 };
  expect(resize(image, 2_560_000, 256, { crop: box }).width).toBe(224);
  expect(performance.now() - start).toBeLessThan(1000);
});

test("resize() keeps a flat colour flat", () => {
  const image = { width: 13, height: 9, data: new Uint8ClampedArray(13 * 9 * 4).fill(201) };
  for (let i = 3; i < image.data.length; i += 4) image.data[i] = 255;
  for (const [width, height] of [[1, 1], [5, 20], [100, 3]]) {
    const { data } = resize(image, width, height);
    expect(data.every((value, i) => value === (i % 4 === 3 ? 255 : 201))).toBe(true);
  }
});

test("resize() does not let colours of transparent pixels bleed", () => {
  const data = Uint8ClampedArray.of(255, 0, 0, 0, 0, 0, 200, 255);
  const [r, , b, alpha] = resize({ width: 2, height: 1, data }, 1, 1).data;
  expect([r, alpha]).toEqual([0, 128]);
  expect(b).toBeGreaterThan(195);
});

test("resize() refuses sizes and crops that make no sense", () => {
  const image = noise(4, 4);
  for (const side of [0, -1, 1.5, NaN, Infinity]) {
    expect(() => resize(image, side, 4)).toThrow(RangeError);
  }
  const box = { left: 3, top: 0, width: 2, height: 2 };
  expect(() => resize(image, 4, 4, { crop: box })).toThrow(
    "Cannot crop 2 x 2 at (3, 0): the image is 4 x 4",
  );
});
