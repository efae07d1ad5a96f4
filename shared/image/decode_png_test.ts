import fc from "fast-check";
import { decode as decodeAnyPng, encode as encodeAnyPng } from "fast-png";
import { Buffer } from "node:buffer";
import { deflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { pngChunk, pngFile, type PngParts } from "../../tests/png.ts";
import { decodeImage } from "./decode_image.ts";

test("decodeImage() reads PNG files of every colour type and depth", async () => {
  const palette = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [9, 8, 7]];
  const before = [
    pngChunk("PLTE", Uint8Array.from(palette.flat())),
    pngChunk("tRNS", Uint8Array.of(255, 128)),
  ];
  const cases: [string, Uint8Array, number[][]][] = [
    [
      "1 bit grey",
      pngFile({ width: 3, height: 1, depth: 1, color: 0, rows: Uint8Array.of(0, 0b01000000) }),
      [[0, 0, 0, 255], [255, 255, 255, 255], [0, 0, 0, 255]],
    ],
    [
      "2 bit grey",
      pngFile({ width: 3, height: 1, depth: 2, color: 0, rows: Uint8Array.of(0, 0b00011000) }),
      [[0, 0, 0, 255], [85, 85, 85, 255], [170, 170, 170, 255]],
    ],
    [
      "4 bit grey",
      pngFile({ width: 1, height: 2, depth: 4, color: 0, rows: Uint8Array.of(0, 0x30, 2, 0xc0) }),
      [[51, 51, 51, 255], [255, 255, 255, 255]],
    ],
    [
      "8 bit grey and key",
      pngFile({
        width: 2,
        height: 1,
        depth: 8,
        color: 0,
        rows: Uint8Array.of(0, 7, 8),
        before: [pngChunk("tRNS", Uint8Array.of(0, 7))],
      }),
      [[7, 7, 7, 0], [8, 8, 8, 255]],
    ],
    [
      "16 bit grey",
      pngFile({
        width: 2,
        height: 1,
        depth: 16,
        color: 0,
        rows: Uint8Array.of(0, 0x92, 0x34, 0x93, 0x40),
      }),
      [[146, 146, 146, 255], [147, 147, 147, 255]],
    ],
    [
      "2 bit palette",
      pngFile({
        width: 4,
        height: 1,
        depth: 2,
        color: 3,
        rows: Uint8Array.of(0, 0b00011011),
        before,
      }),
      [[255, 0, 0, 255], [0, 255, 0, 128], [0, 0, 255, 255], [9, 8, 7, 255]],
    ],
    ["grey and alpha", encodeFile(2, 8, [7, 9, 250, 0]), [[7, 7, 7, 9], [250, 250, 250, 0]]],
    ["colour", encodeFile(3, 8, [1, 2, 3, 4, 5, 6]), [[1, 2, 3, 255], [4, 5, 6, 255]]],
    ["16 bit colour and alpha", encodeFile(4, 16, [257, 514, 40606, 65535, 0, 1, 128, 129]), [[
      1,
      2,
      158,
      255,
    ], [0, 0, 0, 1]]],
  ];
  for (const [name, file, pixels] of cases) {
    const { data } = await decodeImage(file);
    expect([...data], name).toEqual(pixels.flat());
  }
});

/** Two pixels, by fast-png's encoder. */
function encodeFile(channels: number, depth: 8 | 16, values: number[]): Uint8Array {
  const data = depth === 8 ? Uint8Array.from(values) : Uint16Array.from(values);
  return encodeAnyPng({ width: 2, height: 1, channels, depth, data });
}

/** The pass of Adam7 that each pixel of an 8 x 8 block is in (W3C PNG 3rd edition, figure 8.1). */
const PASSES = [
  "16462646",
  "77777777",
  "56565656",
  "77777777",
  "36463646",
  "77777777",
  "56565656",
  "77777777",
];

/** Rows of samples as an interlaced file stores them, bit by bit. */
function interlaced(samples: number[][], channels: number, depth: number): Uint8Array {
  const bytes: number[] = [];
  for (const pass of "1234567") {
    for (const [y, row] of samples.entries()) {
      const inPass = row.filter((_, i) => PASSES[y % 8][Math.floor(i / channels) % 8] === pass);
      if (inPass.length === 0) continue;
      const bits = inPass.map((sample) => sample.toString(2).padStart(depth, "0")).join("");
      const padded = bits.padEnd(8 * Math.ceil(bits.length / 8), "0");
      bytes.push(0, ...padded.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)));
    }
  }
  return Uint8Array.from(bytes);
}

test.each([[0, 1, 1], [0, 1, 2], [0, 1, 4], [0, 1, 8], [0, 1, 16], [2, 3, 8], [2, 3, 16], [
  4,
  2,
  8,
], [6, 4, 16]])(
  "decodeImage() reads interlaced PNG files of colour type %i with %i channels of %i bits",
  async (color, channels, depth) => {
    for (const [width, height] of [[1, 1], [3, 2], [5, 1], [8, 8], [13, 11]]) {
      const most = 2 ** depth - 1;
      const samples = Array.from(
        { length: height },
        (_, y) =>
          Array.from(
            { length: width * channels },
            (_, x) => (x + y === 0 ? most : 7919 * x + 104729 * y + x * y) & most,
          ),
      );
      const rows = interlaced(samples, channels, depth);
      const { data } = await decodeImage(
        pngFile({ width, height, depth, color, interlaced: true, rows }),
      );
      const expected = samples.flatMap((row) =>
        Array.from({ length: width }, (_, x) => {
          const at = (c: number) => row[x * channels + c] * 255 / most;
          const alpha = channels === 2 ? at(1) : channels === 4 ? at(3) : 255;
          return channels < 3 ? [at(0), at(0), at(0), alpha] : [at(0), at(1), at(2), alpha];
        }).flat()
      );
      expect([...data]).toEqual([...Uint8ClampedArray.from(expected)]);
    }
  },
);

test("decodeImage() undoes filters as fast-png does", async () => {
  const kinds = [[0, 1, 8], [2, 3, 8], [4, 2, 8], [6, 4, 8], [6, 4, 16]] as const;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...kinds),
      fc.integer({ min: 1, max: 9 }),
      fc.array(fc.tuple(fc.nat(4), fc.infiniteStream(fc.nat(255))), { minLength: 1, maxLength: 6 }),
      async ([color, channels, depth], width, lines) => {
        const length = width * channels * depth / 8;
        const rows = Uint8Array.from(
          lines.flatMap(([filter, stream]) => [filter, ...stream.take(length)]),
        );
        const file = pngFile({ width, height: lines.length, depth, color, rows });
        const oracle = decodeAnyPng(file);
        const image = await decodeImage(file);
        fc.pre(image.notes.every((note) => !note.includes("range")));
        const scale = depth === 16 ? 257 : 1;
        const at = (i: number, c: number) => oracle.data[i * channels + c] / scale;
        const expected = Array.from(
          { length: width * lines.length },
          (_, i) =>
            channels < 3
              ? [at(i, 0), at(i, 0), at(i, 0), channels === 2 ? at(i, 1) : 255]
              : [at(i, 0), at(i, 1), at(i, 2), channels === 4 ? at(i, 3) : 255],
        ).flat();
        expect([...image.data]).toEqual([...Uint8ClampedArray.from(expected)]);
      },
    ),
    { numRuns: 100 },
  );
});

test("decodeImage() raises 16-bit levels that use fewer bits, and says so", async () => {
  const grey = (...levels: number[]) => {
    const rows = Uint8Array.from([0, ...levels.flatMap((level) => [level >> 8, level & 255])]);
    return pngFile({ width: levels.length, height: 1, depth: 16, color: 0, rows });
  };
  const twelve = await decodeImage(grey(0, 1024, 4095));
  expect([...twelve.data].filter((_, i) => i % 4 === 0)).toEqual([0, 64, 255]);
  expect(twelve.notes).toEqual([
    "it uses 1/16 of its 16-bit range (levels below 4096 of 65536); its levels are multiplied by 16",
  ]);
  expect((await decodeImage(grey(0, 16384))).notes).toEqual([]);
  expect((await decodeImage(grey(0, 16383))).notes[0]).toContain("1/4 of its 16-bit range");
  const colored = Uint16Array.of(0, 0, 900, 65535, 1023, 0, 0, 0);
  const { data } = await decodeImage(
    encodeAnyPng({ width: 2, height: 1, channels: 4, depth: 16, data: colored }),
  );
  expect([...data]).toEqual([0, 0, 224, 255, 255, 0, 0, 0]);
});

const plain: PngParts = { width: 2, height: 1, depth: 8, color: 0, rows: Uint8Array.of(0, 9, 250) };

/** The plain file with these bytes as its compressed data. */
function withData(...data: Uint8Array[]): Uint8Array {
  const whole = pngFile(plain);
  const chunks = data.flatMap((part) => [...pngChunk("IDAT", part)]);
  return Uint8Array.from([
    ...whole.subarray(0, 33),
    ...chunks,
    ...pngChunk("IEND", new Uint8Array()),
  ]);
}

test("decodeImage() reads on where browsers do, and says what is wrong", async () => {
  const zlib = Uint8Array.from(deflateSync(plain.rows));
  const wrongSum = zlib.slice();
  wrongSum[zlib.length - 1] ^= 1;
  const file = pngFile(plain);
  const cases: [string, Uint8Array, string[]][] = [
    ["bytes behind the stream", withData(Uint8Array.from([...zlib, 1, 2, 3])), []],
    ["bytes behind the file", Uint8Array.from([...file, 1, 2, 3]), []],
    ["data in many chunks", withData(...[...zlib].map((byte) => Uint8Array.of(byte))), []],
    ["a wrong checksum", withData(wrongSum), [
      "its pixels do not match their checksum (Adler-32); they are shown as they are",
    ]],
    ["no end", file.slice(0, -6), ["the file is cut off behind its pixels"]],
  ];
  for (const [name, bytes, notes] of cases) {
    const image = await decodeImage(bytes);
    expect([...image.data], name).toEqual([9, 9, 9, 255, 250, 250, 250, 255]);
    expect(image.notes, name).toEqual(notes);
  }
});

test("decodeImage() names what it cannot read in a PNG file", async () => {
  const file = pngFile(plain);
  const wrongCrc = file.slice();
  wrongCrc[file.length - 13] ^= 1;
  await expect(decodeImage(wrongCrc)).rejects.toThrow(/the checksum \(CRC\) of its IDAT chunk/);
  const zlib = deflateSync(plain.rows);
  await expect(decodeImage(withData(zlib.subarray(0, 4)))).rejects.toThrow(/should inflate to 3/);
  await expect(decodeImage(withData(Buffer.from("nozlib")))).rejects.toThrow(/no zlib stream/);
  const filter = pngFile({ ...plain, rows: Uint8Array.of(7, 0, 0) });
  await expect(decodeImage(filter)).rejects.toThrow(/a row has filter 7/);
  const apple = Uint8Array.from([
    ...file.subarray(0, 8),
    ...pngChunk("CgBI", Uint8Array.of(80, 0, 32, 2)),
    ...file.subarray(8),
  ]);
  await expect(decodeImage(apple)).rejects.toThrow(
    /Apple's own form for apps \(CgBI\); convert it/,
  );
  const noColor = pngFile({ ...plain, color: 3 });
  await expect(decodeImage(noColor)).rejects.toThrow(/it has no palette/);
});

test("decodeImage() takes the still image of an animated PNG file, and says so", async () => {
  const animation = pngChunk("acTL", Uint8Array.of(0, 0, 0, 2, 0, 0, 0, 0));
  const image = await decodeImage(pngFile({ ...plain, before: [animation] }));
  expect(image.notes).toEqual(["it is animated (APNG); only its still image is looked at"]);
});

test("decodeImage() says when an image is blank, as white ink on transparent is", async () => {
  const white = encodeAnyPng({
    ...{ width: 2, height: 1, channels: 4, depth: 8 },
    data: Uint8Array.of(255, 255, 255, 0, 255, 255, 255, 200),
  });
  expect((await decodeImage(white)).notes[0]).toMatch(
    /^it is blank: on white, every pixel is white/,
  );
  const deep = encodeAnyPng({
    ...{ width: 2, height: 1, channels: 2, depth: 16 },
    data: Uint16Array.of(65535, 0, 65535, 40000),
  });
  expect((await decodeImage(deep)).notes[0]).toMatch(/^it is blank: on white/);
  const rows = Uint8Array.of(0, 7, 7);
  expect((await decodeImage(pngFile({ ...plain, rows }))).notes)
    .toEqual(["it is blank: every pixel is rgb(7, 7, 7)"]);
});
