/** Formats whose first frame or still image is looked at: GIF, animated WebP, AVIF. */
import { expect, test } from "vitest";
import { grayGamma } from "../../tests/color_profiles.ts";
import * as files from "../../tests/pillow_images.ts";
import { decodeImage } from "./decode_image.ts";
import type { Image } from "./image.ts";

const at = ({ data, width }: Image, x: number, y: number) => [
  ...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 4),
];

const PALETTE = [[255, 0, 0, 255], [0, 255, 0, 255], [0, 0, 255, 0]];
const YELLOW = [240, 200, 10, 255];
const BLUE = [20, 120, 220, 255];
/** What Little CMS makes of them in Display P3. */
const [P3_YELLOW, P3_BLUE] = [[248, 198, 0, 255], [0, 122, 227, 255]];
const FIRST_FRAME = "it is animated; only its first frame is looked at";

const box = (type: string, data: number[]) => [
  ...[0, 0, (data.length + 8) >> 8, (data.length + 8) & 255],
  ...Array.from(type, (c) => c.charCodeAt(0)),
  ...data,
];

// At quality 95, areas of one colour are off by the rounding of YCbCr and of the transform.
const LOSSY = 4;

function expectNear(found: readonly number[], expected: readonly number[], most = LOSSY): void {
  const text = `rgba(${found}), expected about rgba(${expected})`;
  found.forEach((level, c) =>
    expect(Math.abs(level - expected[c]), text).toBeLessThanOrEqual(most)
  );
}

test("decodeImage() reads GIF files, transparent and interlaced", async () => {
  const image = await decodeImage(files.gif);
  const expected = Array.from({ length: 24 }, (_, i) => PALETTE[(i % 6 + Math.floor(i / 6)) % 3]);
  expect([image.width, image.height, ...image.data]).toEqual([6, 4, ...expected.flat()]);
  expect(image.notes).toEqual([]);
  const interlaced = await decodeImage(files.interlacedGif);
  const colors = Array.from({ length: 18 * 17 }, (_, i) => {
    const [x, y] = [i % 18, Math.floor(i / 18)];
    return PALETTE[(Math.floor(x / 2) + y) % 3].slice(0, 3);
  });
  expect([...interlaced.data].filter((_, i) => i % 4 !== 3)).toEqual(colors.flat());
});

test("decodeImage() takes the first frame of an animated GIF, and says so", async () => {
  const image = await decodeImage(files.animatedGif);
  expect(image.notes).toEqual([FIRST_FRAME]);
  expect([at(image, 19, 4), at(image, 0, 5)]).toEqual([[200, 30, 40, 255], [20, 220, 60, 255]]);
});

test("decodeImage() names what is wrong with a GIF file", async () => {
  const changed = (offset: number, value: number) => {
    const copy = files.gif.slice();
    copy[offset] = value;
    return copy;
  };
  await expect(decodeImage(files.gif.slice(0, -5))).rejects.toThrow(
    /cut off.*without a whole frame/,
  );
  await expect(decodeImage(changed(6, 0))).rejects.toThrow(/its size is 0 x 4/);
  await expect(decodeImage(changed(6, 5))).rejects.toThrow(
    /6 x 4 at 0, 0, does not fit into 5 x 4/,
  );
  const image = files.gif.indexOf(0x2c, 13);
  await expect(decodeImage(changed(image + 10, 30))).rejects.toThrow(/start with 30 bits/);
  await expect(decodeImage(files.gif, { maxPixels: 23 })).rejects.toThrow(/at most 23 are allowed/);
});

test("decodeImage() takes the first frame of an animated WebP file, and says so", async () => {
  for (const [file, most] of [[files.animatedWebp, 0], [files.animatedLossyWebp, 16]] as const) {
    const image = await decodeImage(file);
    expect([image.width, image.height, image.notes]).toEqual([20, 12, [FIRST_FRAME]]);
    expectNear(at(image, 3, 6), [20, 220, 60, 128], most);
    expectNear(at(image, 16, 6), [200, 30, 40, 255], most);
  }
  // The frame's left edge, in steps of two pixels.
  const outside = files.animatedWebp.slice();
  const frame = new TextDecoder("latin1").decode(outside).indexOf("ANMF") + 8;
  outside[frame] = 1;
  await expect(decodeImage(outside)).rejects.toThrow(/its first frame does not fit into it/);
});

test("decodeImage() reads AVIF files, with alpha, profile and further frames", async () => {
  const image = await decodeImage(files.avif);
  expect([image.width, image.height, image.notes]).toEqual([16, 12, []]);
  expectNear(at(image, 2, 2), YELLOW);
  expectNear(at(image, 12, 2), BLUE);
  expectNear(at(image, 2, 9), BLUE);
  expect(at(await decodeImage(files.transparentAvif), 12, 9)[3]).toBe(0);
  const animated = await decodeImage(files.animatedAvif);
  expectNear(at(animated, 2, 2), YELLOW);
  expect(animated.notes).toEqual([FIRST_FRAME]);
  const profiled = await decodeImage(files.profiledAvif);
  expect(profiled.notes).toEqual(['its colours are converted from colour profile "Display P3"']);
  expectNear(at(profiled, 2, 2), P3_YELLOW, 2 * LOSSY);
  expectNear(at(profiled, 12, 9), P3_BLUE, 2 * LOSSY);
});

test("decodeImage() converts a grey AVIF file by its grey profile", async () => {
  const image = await decodeImage(files.profiledGreyAvif);
  // AVIF's greys at quality 100, and the fixed point of Little CMS.
  grayGamma.levels.forEach((grey, i) => expectNear(at(image, i, 2), [grey, grey, grey, 255], 2));
  expect(image.notes).toEqual([expect.stringContaining("its colours are converted from")]);
});

test.each(
  [
    ["turnedAvif2", 16, 12, [13, 2]],
    ["turnedAvif5", 12, 16, [2, 2]],
    ["turnedAvif6", 12, 16, [9, 2]],
  ] as const,
)("decodeImage() turns %s upright", async (name, width, height, [x, y]) => {
  const image = await decodeImage(files[name]);
  expect([image.width, image.height]).toEqual([width, height]);
  expectNear(at(image, x, y), YELLOW);
  expectNear(at(image, width - 1 - x, y), BLUE);
  expectNear(at(image, x, height - 1 - y), BLUE);
});

test("decodeImage() names what is wrong with an AVIF file", async () => {
  await expect(decodeImage(files.avif.slice(0, 60))).rejects.toThrow(
    /cut off, or broken at its box/,
  );
  await expect(decodeImage(files.avif, { maxPixels: 191 })).rejects.toThrow(
    /at most 191 are allowed/,
  );
  const ispe = new TextDecoder("latin1").decode(files.avif).indexOf("ispe");
  const larger = files.avif.slice();
  larger[ispe + 11] = 17;
  await expect(decodeImage(larger)).rejects.toThrow(/^Cannot read the AVIF image/);
  const nested = (data: number[], depth: number): number[] =>
    depth === 0 ? data : nested(box("meta", [0, 0, 0, 0, ...data]), depth - 1);
  const start = [...files.avif.slice(0, 32)];
  for (
    const boxes of [
      nested([], 1000),
      Array(10_001).fill(box("free", [])).flat(),
      nested(box("iloc", [0, 0, 0, 0, 0, 0, 255, 255, ...Array(60_000).fill(255)]), 1),
    ]
  ) {
    await expect(decodeImage(Uint8Array.from([...start, ...boxes])))
      .rejects.toThrow(/^Cannot read the AVIF image: it has (no image|more than 10000 boxes)$/);
  }
  // The sequence header's size, 16 x 12 in 4 bits each, in 16.
  const bomb = files.avif.slice();
  const data = new TextDecoder("latin1").decode(bomb).indexOf("mdat") + 4;
  const sequence = bomb.indexOf(0x0a, data);
  bomb.set([0x18, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff], sequence + 2);
  await expect(decodeImage(bomb)).rejects.toThrow(
    /it states 192 pixels, and codes at least \d{7,}/,
  );
});
