import { expect, test } from "vitest";
import { decodeImage } from "./decode_image.ts";
import { beginsWithColors } from "./gif_codes.ts";

/** Codes of 3 bits, the least significant first. */
function packed(...codes: readonly number[]): Uint8Array {
  const bits = codes.flatMap((code) => [code & 1, code >> 1 & 1, code >> 2 & 1]);
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  bits.forEach((bit, i) => bytes[i >> 3] |= bit << (i & 7));
  return bytes;
}

// Of colours of 2 bits: 4 clears the table, 5 ends, 6 is the first string.
test.each([
  ["a colour", [4, 1, 6, 5], true],
  ["a string", [4, 6, 1, 5], false],
  ["a string after a second clear", [4, 1, 4, 6, 5], false],
  ["nothing", [4, 5, 6], true],
])("beginsWithColors() of what begins with %s", (_, codes, expected) => {
  expect(beginsWithColors(packed(...codes), 2)).toBe(expected);
});

test("a GIF file without a palette is refused", async () => {
  const data = packed(4, 1, 5);
  const file = Uint8Array.of(
    ...new TextEncoder().encode("GIF89a"),
    ...[4, 0, 4, 0, 0, 0, 0],
    // Its first colour is transparent, which is all that is said of colours.
    ...[0x21, 0xf9, 4, 1, 0, 0, 0, 0],
    ...[0x2c, 0, 0, 0, 0, 4, 0, 4, 0, 0, 2, data.length, ...data, 0, 0x3b],
  );
  await expect(decodeImage(file)).rejects.toThrow("it has no palette");
});

test("a GIF file whose strings would contain themselves is refused", async () => {
  const data = packed(4, 6, 6, 6, 6, 6, 5);
  const file = Uint8Array.of(
    ...new TextEncoder().encode("GIF89a"),
    // 4 x 4 with a palette of four colours.
    ...[4, 0, 4, 0, 0x81, 0, 0, ...new Array(12).fill(7)],
    ...[0x2c, 0, 0, 0, 0, 4, 0, 4, 0, 0, 2, data.length, ...data, 0, 0x3b],
  );
  await expect(decodeImage(file)).rejects.toThrow("begins with a string");
});
