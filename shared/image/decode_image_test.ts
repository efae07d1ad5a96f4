import fc from "fast-check";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { photos, skipWithout } from "../../tests/data.ts";
import { cmykInverted } from "../../tests/ink_jpegs.ts";
import { animatedGif, animatedLossyWebp, avif, gif } from "../../tests/pillow_images.ts";
import { exifBlock, jpegFile, withExif } from "../../tests/jpeg.ts";
import { pngChunk, pngFile } from "../../tests/png.ts";
import { openCodec } from "./codecs.ts";
import { decodeImage, type DecodeOptions } from "./decode_image.ts";
import { encodePng, encodeWebp } from "./encode_image.ts";
import { ImageError } from "./image_error.ts";
import type { Image } from "./image.ts";

/** A smooth image without symmetry. */
function gradient(width: number, height: number): Image {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = [x / width, y / height];
      data.set([255 * u, 255 * v, 255 * u * v, 255], 4 * (y * width + x));
    }
  }
  return { width, height, data };
}

const sample = gradient(48, 32);
const jpeg = await jpegFile(sample);
const webp = await encodeWebp(sample);
const files = [
  jpeg,
  webp,
  encodePng(sample),
  avif,
  gif,
  animatedGif,
  animatedLossyWebp,
  cmykInverted,
];
const png = encodePng(sample);
const latin1 = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const pixel = ({ data, width }: Image, x: number, y: number) => [
  ...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 4),
];
const largestDifference = (a: Image, b: Image) =>
  a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - b.data[i])), 0);

async function fault(bytes: Uint8Array, options: DecodeOptions = {}): Promise<string> {
  const error = await decodeImage(bytes, options).then(() => undefined, (error) => error);
  expect(error).toBeInstanceOf(ImageError);
  expect(error.message).not.toContain("\n");
  return `${error.fault}: ${error.message}`;
}

test("decodeImage() reads what was encoded", async () => {
  for (const [file, most] of [[jpeg, 8], [webp, 16], [png, 0]] as const) {
    const image = await decodeImage(file);
    expect([image.width, image.height]).toEqual([48, 32]);
    expect(largestDifference(image, sample)).toBeLessThanOrEqual(most);
  }
});

test("decodeImage() reads progressive and grey JPEG files", async () => {
  const progressive = await decodeImage(await jpegFile(sample, { progressive: true }));
  expect(largestDifference(progressive, sample)).toBeLessThanOrEqual(8);
  const [r, g, b] = pixel(await decodeImage(await jpegFile(sample, { gray: true })), 30, 20);
  expect([g, b]).toEqual([r, r]);
});

test("decodeImage() turns all eight EXIF orientations upright, as mozjpeg does", async () => {
  for (let orientation = 1; orientation <= 8; orientation++) {
    for (const littleEndian of [true, false]) {
      const file = withExif(jpeg, exifBlock(orientation, littleEndian));
      const image = await decodeImage(file);
      const codec = await openCodec("jpegDecoder", () => {});
      const upright = codec.decode(file, true)!;
      expect([image.width, image.height]).toEqual(orientation < 5 ? [48, 32] : [32, 48]);
      expect(largestDifference(image, upright), `orientation ${orientation}`).toBe(0);
    }
  }
});

test("decodeImage() applies the orientation of PNG and WebP files too", async () => {
  const exif = exifBlock(6);
  const turned = Uint8Array.of(
    ...png.subarray(0, 33),
    ...pngChunk("eXIf", exif),
    ...png.subarray(33),
  );
  const image = await decodeImage(turned);
  expect([image.width, image.height]).toEqual([32, 48]);
  expect(pixel(image, 31, 0)).toEqual(pixel(sample, 0, 0));
  const chunk = webp.subarray(12);
  const header = [0x08, 0, 0, 0, 47, 0, 0, 31, 0, 0];
  const body = Uint8Array.of(
    ...latin1("WEBPVP8X"),
    ...[10, 0, 0, 0],
    ...header,
    ...chunk,
    ...latin1("EXIF"),
    ...[exif.length, 0, 0, 0],
    ...exif,
  );
  const size = [body.length & 255, body.length >> 8, 0, 0];
  const extended = await decodeImage(Uint8Array.of(...latin1("RIFF"), ...size, ...body));
  expect([extended.width, extended.height]).toEqual([32, 48]);
});

test("decodeImage() ignores EXIF that makes no sense", async () => {
  for (const exif of [exifBlock(9), exifBlock(0), exifBlock(6).subarray(0, 20), latin1("II*")]) {
    expect((await decodeImage(withExif(jpeg, exif))).width).toBe(48);
  }
});

test("decodeImage() enforces the pixel cap before it decodes", async () => {
  for (const file of [jpeg, png, webp]) {
    const error = await decodeImage(file, { maxPixels: 1535 }).catch((error) => error);
    expect([error.fault, error.message]).toEqual([
      "too-large",
      "Cannot read the image: 48 x 32 are 1536 pixels, at most 1535 are allowed",
    ]);
    expect((await decodeImage(file, { maxPixels: 1536 })).width).toBe(48);
  }
  const deep = pngFile({ width: 2, height: 1, depth: 16, color: 6, rows: new Uint8Array(17) });
  expect(await fault(deep, { maxPixels: 3 })).toMatch(/2 pixels of 16 bits, at most 1 are allowed/);
  expect((await decodeImage(deep, { maxPixels: 4 })).width).toBe(2);
  const huge = pngFile({
    width: 2 ** 31 - 1,
    height: 2 ** 31 - 1,
    depth: 8,
    color: 6,
    rows: Uint8Array.of(0),
  });
  expect(await fault(huge)).toMatch(/^too-large/);
});

test("decodeImage() names formats that it does not read, and says what to do", async () => {
  const formats: [string, string, RegExp][] = [
    ["\0\0\0\x1cftypheic", "HEIC", /Most Compatible/],
    ["\0\0\0\x1cftypmif1\0\0\0\0mif1heic", "HEIC", /Most Compatible/],
    ["II*\0....", "TIFF or a camera's raw image", /export it as JPEG or PNG$/],
    ["BM....\0\0\0\0", "BMP", /save it as PNG$/],
    ["%PDF-1.7", "PDF", /export the page as PNG$/],
    ["\0\0\x01\0\x02\0", "an icon (ICO or ICNS)", /its largest image as PNG$/],
    ["\0\0\0\x18ftypisom", "a video", /export a frame as PNG$/],
    ["\x1aE\xdf\xa3", "a video", /export a frame as PNG$/],
    ["RIFF\x10\0\0\0AVI LIST", "a video", /export a frame as PNG$/],
    ["P6\n4 4\n255\n", "a bitmap of Netpbm", /save it as PNG$/],
    ["qoif\0", "QOI", /save it as PNG$/],
    ["v/1\x01", "an image with a high dynamic range", /export it as JPEG or PNG$/],
    ["DDS |", "a texture of DirectX", /export it as JPEG or PNG$/],
    [`${"\0".repeat(128)}DICM`, "DICOM", /levels stretched$/],
    [`\x5c\x01\0\0${"\0".repeat(340)}n+1\0`, "NIfTI", /levels stretched$/],
    ["%!PS-Adobe", "PostScript", /export the page as PNG$/],
    ["PK\x03\x04", "an archive", /give the images in it$/],
    ["\x89HDF\r\n", "HDF5", /as PNG$/],
    ["\xff\x0a....", "JPEG XL", /export it as JPEG or PNG$/],
    [
      '<?xml version="1.0"?>\n<!-- by hand --><svg xmlns="x">',
      "SVG",
      /export it as PNG, in the size/,
    ],
    ["<!DOCTYPE html><html>", "a web page", /download the image itself$/],
    ["version https://git-lfs.github.com/spec/v1", "a pointer of Git LFS", /git lfs pull/],
    ["just a text", "no known image", /expected JPEG, PNG, WebP, AVIF and GIF$/],
  ];
  for (const [start, name, remedy] of formats) {
    const message = await fault(latin1(start));
    expect(message).toContain(
      `format: Cannot read the image: the file is ${name}; expected JPEG, PNG, WebP, AVIF and GIF`,
    );
    expect(message).toMatch(remedy);
  }
  expect(await fault(new Uint8Array())).toContain("damaged: ");
  const comments = "<!---->".repeat(140);
  expect(await fault(latin1(comments))).toContain("no known image");
});

/** The JPEG file with some bytes of its frame header replaced. */
function withFrame(changes: Record<number, number>): Uint8Array {
  const at = jpeg.findIndex((byte, i) => byte === 0xff && (jpeg[i + 1] & 0xfe) === 0xc0);
  const file = jpeg.slice();
  for (const [offset, value] of Object.entries(changes)) file[at + Number(offset)] = value;
  return file;
}

test("decodeImage() says what it cannot decode in a JPEG file", async () => {
  expect(await fault(withFrame({ 9: 2 }))).toBe(
    "format: Cannot read the JPEG image: it has 2 channels, expected 1, 3 or 4",
  );
  expect(await fault(withFrame({ 4: 12 }))).toContain("it has 12 bits a channel; save it with 8");
  expect(await fault(withFrame({ 1: 0xc9 }))).toContain("it is arithmetic-coded");
  expect(await fault(withFrame({ 1: 0xc3 }))).toContain("it is lossless");
  expect(await fault(withFrame({ 5: 0, 6: 0 }))).toContain("its size is 48 x 0");
});

test("decodeImage() does not believe a JPEG header that lies about the size", async () => {
  expect(await fault(withFrame({ 5: 16, 6: 0, 7: 16, 8: 0 }))).toMatch(
    /^damaged: Cannot read the JPEG image: \d+ bytes cannot hold 4096 x 4096 pixels$/,
  );
});

test("decodeImage() does not inflate a PNG bomb", async () => {
  const rows = new Uint8Array(64 << 20);
  const start = performance.now();
  expect(await fault(pngFile({ width: 4, height: 4, depth: 8, color: 0, rows }))).toBe(
    "damaged: Cannot read the PNG image: its data should inflate to 20 bytes, and do to more",
  );
  // Making the bomb is not measured; refusing it takes one piece.
  expect(performance.now() - start).toBeLessThan(5000);
});

test("decodeImage() refuses an image that is cut off anywhere", async () => {
  for (const file of [jpeg, png, webp]) {
    // What is lost of the last 13 bytes need not be pixels.
    for (let length = 16; length < file.length - 13; length += 23) {
      expect(await fault(file.slice(0, length))).toMatch(/^damaged: /);
    }
  }
});

test("decodeImage() ends in an image or in one line, whatever the damage", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...files),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      async (file, changes) => {
        const damaged = file.slice();
        for (const [at, value] of changes) damaged[at % damaged.length] = value;
        const result = await decodeImage(damaged, { maxPixels: 1e6 }).catch((error) => error);
        if (result instanceof Error) {
          expect(result).toBeInstanceOf(ImageError);
          expect(result.message).not.toContain("\n");
        } else {
          expect(result.data.length).toBe(result.width * result.height * 4);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test.skipIf(skipWithout(photos, "decoding photos"))("decodeImage() reads photos", async () => {
  const sizes: [string, number, number][] = [
    ["chelsea.png", 451, 300],
    ["cat_720p.jpg", 1280, 720],
    ["parrot.jpg", 512, 929],
  ];
  for (const [name, width, height] of sizes) {
    const image = await decodeImage(readFileSync(join(photos!, name)));
    expect([image.width, image.height]).toEqual([width, height]);
  }
});

test("decodeImage() counts chunks, scans and extents before it decodes", async () => {
  const rows = new Uint8Array(2);
  const text = pngChunk("tEXt", new Uint8Array());
  const parts = { width: 1, height: 1, depth: 8, color: 0, rows };
  const chunks = pngFile({ ...parts, before: Array(20_001).fill(text) });
  await expect(decodeImage(chunks)).rejects.toThrow(/more than 20000 chunks/);
  const narrow = pngFile({ ...parts, height: 70_000 });
  await expect(decodeImage(narrow)).rejects.toThrow(/1 x 70000, expected at most 65535/);
});
