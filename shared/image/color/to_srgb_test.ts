import { expect, test } from "vitest";
import { deflateSync } from "node:zlib";
import * as profiles from "../../../tests/color_profiles.ts";
import { pngChunk, pngFile } from "../../../tests/png.ts";
import { decodeImage } from "../decode_image.ts";
import { SRGB_CURVE, srgbLevel } from "./tone_curve.ts";

/** An RGB file of one row. */
function rowOf(colors: readonly (readonly number[])[], before: readonly Uint8Array[]): Uint8Array {
  const rows = Uint8Array.from([0, ...colors.flat()]);
  return pngFile({ width: colors.length, height: 1, depth: 8, color: 2, rows, before });
}

const withProfile = (profile: Uint8Array) =>
  pngChunk("iCCP", Uint8Array.from([110, 0, 0, ...deflateSync(profile)]));

const rgb = ({ data }: { data: Uint8ClampedArray }) => [...data].filter((_, i) => i % 4 !== 3);

const furthest = (a: readonly number[], b: readonly number[]) =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);

// Little CMS computes 8-bit levels in fixed point, and rounds curves to its tables.
const FIXED_POINT = 2;

test.each(
  [["displayP3", "Display P3"], ["adobeRgb", "Adobe RGB"], [
    "proPhotoTable",
    "ROMM table",
  ]] as const,
)("levels in %s become the sRGB that Little CMS makes of them", async (name, title) => {
  const { profile, levels } = profiles[name];
  const image = await decodeImage(rowOf(profiles.COLORS, [withProfile(profile)]));
  expect(furthest(rgb(image), levels)).toBeLessThanOrEqual(FIXED_POINT);
  expect(furthest(profiles.COLORS.flat(), levels)).toBeGreaterThan(20);
  expect(image.notes).toEqual([`its colours are converted from colour profile "${title}"`]);
});

test("a grey image is converted by its grey profile", async () => {
  const { profile, levels } = profiles.grayGamma;
  const greys = Array.from({ length: 16 }, (_, i) => 17 * i);
  const rows = Uint8Array.of(0, ...greys);
  const before = [withProfile(profile)];
  const image = await decodeImage(
    pngFile({ width: 16, height: 1, depth: 8, color: 0, rows, before }),
  );
  const found = rgb(image).filter((_, i) => i % 3 === 0);
  expect(furthest(found, levels)).toBeLessThanOrEqual(FIXED_POINT);
  expect(furthest(greys, levels)).toBeGreaterThan(10);
});

test("levels in sRGB are left alone, without a note", async () => {
  const gamma = pngChunk("gAMA", Uint8Array.of(0, 0, 0xb1, 0x8f));
  for (const before of [[withProfile(profiles.srgb.profile)], [gamma], []]) {
    const image = await decodeImage(rowOf(profiles.COLORS, before));
    expect(rgb(image)).toEqual(profiles.COLORS.flat());
    expect(image.notes).toEqual([]);
  }
});

const uint32 = (...values: number[]) =>
  values.flatMap((v) => [v >>> 24, v >> 16 & 255, v >> 8 & 255, v & 255]);

test("gAMA and cHRM are followed, and make of Adobe RGB what its profile does", async () => {
  const linear = pngChunk("gAMA", Uint8Array.from(uint32(100_000)));
  const image = await decodeImage(rowOf(profiles.COLORS, [linear]));
  const expected = profiles.COLORS.flat().map((level) => Math.round(255 * srgbLevel(level / 255)));
  expect(furthest(rgb(image), expected)).toBeLessThanOrEqual(1);
  expect(image.notes[0]).toContain("gamma (gAMA): levels are light to the power of 1");
  const points = [31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000];
  const adobe = [
    pngChunk("gAMA", Uint8Array.from(uint32(45471))),
    pngChunk("cHRM", Uint8Array.from(uint32(...points))),
  ];
  const found = await decodeImage(rowOf(profiles.COLORS, adobe));
  expect(furthest(rgb(found), profiles.adobeRgb.levels)).toBeLessThanOrEqual(FIXED_POINT);
});

test("gAMA of 16-bit levels is followed before they are rounded to 8", async () => {
  const light = SRGB_CURVE(10 / 255);
  const level = Math.round(65535 * light);
  const rows = Uint8Array.of(0, level >> 8, level & 255, 255, 255);
  const before = [pngChunk("gAMA", Uint8Array.from(uint32(100_000)))];
  const file = pngFile({ width: 2, height: 1, depth: 16, color: 0, rows, before });
  expect(rgb(await decodeImage(file)).slice(0, 3)).toEqual([10, 10, 10]);
});

test("of several, the chunk that counts is followed: cICP, iCCP, sRGB, gAMA", async () => {
  const gamma = pngChunk("gAMA", Uint8Array.from(uint32(100_000)));
  const srgb = pngChunk("sRGB", Uint8Array.of(0));
  const p3 = pngChunk("cICP", Uint8Array.of(12, 13, 0, 1));
  const adobe = withProfile(profiles.adobeRgb.profile);
  expect((await decodeImage(rowOf(profiles.COLORS, [gamma, srgb]))).notes).toEqual([]);
  expect((await decodeImage(rowOf(profiles.COLORS, [adobe, gamma, srgb]))).notes[0])
    .toContain("Adobe RGB");
  const image = await decodeImage(rowOf(profiles.COLORS, [p3, adobe, gamma]));
  expect(furthest(rgb(image), profiles.displayP3.levels)).toBeLessThanOrEqual(FIXED_POINT);
});

test("what cannot be followed is ignored with a sentence", async () => {
  const { profile } = profiles.displayP3;
  const changed = (at: number, text: string) => {
    const copy = profile.slice();
    copy.set(Uint8Array.from(text, (c) => c.charCodeAt(0)), at);
    return copy;
  };
  const firstTag = 132;
  const cases: [Uint8Array, string][] = [
    [withProfile(changed(16, "CMYK")), 'colour profile "Display P3" is ignored: it is for CMYK'],
    [withProfile(changed(20, "Lab ")), "it maps RGB by tables"],
    [withProfile(changed(firstTag + 12, "xxxx")), "it maps RGB by tables"],
    [withProfile(changed(36, "nope")), "its colour profile is broken, and ignored"],
    [withProfile(profile.subarray(0, 100)), "its colour profile is broken, and ignored"],
    [pngChunk("iCCP", Uint8Array.of(110, 0, 0, 1, 2, 3)), "is broken, and ignored"],
    [pngChunk("cICP", Uint8Array.of(9, 16, 0, 1)), "primaries 9, transfer 16 of H.273"],
  ];
  for (const [chunk, note] of cases) {
    const image = await decodeImage(rowOf(profiles.COLORS, [chunk]));
    expect(image.notes[0]).toContain(note);
    expect(rgb(image)).toEqual(profiles.COLORS.flat());
  }
});
