import { expect, test } from "vitest";
import { decodeImage } from "./decode_image.ts";
import { encodeJpeg } from "./encode_image.ts";
import type { Image } from "./image.ts";

const SIDE = 48;

/** A smooth image, transparent in its lower half. */
const image: Image = {
  width: SIDE,
  height: SIDE,
  data: Uint8ClampedArray.from(
    { length: 4 * SIDE * SIDE },
    (_, i) => {
      const [x, y] = [(i >> 2) % SIDE, Math.floor((i >> 2) / SIDE)];
      return [4 * x, 5 * y, 128, y < SIDE / 2 ? 255 : 0][i % 4];
    },
  ),
};

test("a JPEG file looks like the image, on white where that is transparent", async () => {
  const { width, height, data } = await decodeImage(await encodeJpeg(image));
  expect([width, height]).toEqual([SIDE, SIDE]);
  let furthest = 0;
  // The blocks along the border of the two halves ring; those above and below do not.
  for (let i = 0; i < data.length; i++) {
    const y = Math.floor((i >> 2) / SIDE);
    const wanted = y < SIDE / 2 ? (i % 4 === 3 ? 255 : image.data[i]) : 255;
    if (Math.abs(y - SIDE / 2) > 8) furthest = Math.max(furthest, Math.abs(data[i] - wanted));
  }
  // Twice the step of the standard table for the slowest waves at this quality, and colour.
  expect(furthest).toBeLessThan(16);
});

test("less quality makes a smaller file", async () => {
  const [small, large] = [await encodeJpeg(image, 20), await encodeJpeg(image, 95)];
  expect(small.length).toBeLessThan(large.length);
});

test.each([-1, 101, NaN])("a quality of %d is refused", async (quality) => {
  await expect((async () => await encodeJpeg(image, quality))())
    .rejects.toThrow(`the quality is ${quality}, not within 0 to 100`);
});
