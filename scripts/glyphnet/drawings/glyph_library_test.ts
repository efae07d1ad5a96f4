import { expect, test } from "vitest";
import { HELD_OUT_ARTISTS, TRAINING_ARTISTS } from "./artists.ts";
import { GLYPH_CLASSES } from "./classes.ts";
import { loadGlyphs } from "./glyph_library.ts";

test("there are 64 classes of different names", () => {
  expect(GLYPH_CLASSES).toHaveLength(64);
  expect(new Set(GLYPH_CLASSES.map(({ label }) => label)).size).toBe(64);
});

test("every class is drawn by three artists to learn from, and by the one that is held out", async () => {
  const known = await loadGlyphs(TRAINING_ARTISTS);
  for (const glyphs of known) expect(glyphs.length).toBeGreaterThanOrEqual(3);
  const heldOut = await loadGlyphs(HELD_OUT_ARTISTS);
  expect(heldOut.map((glyphs) => glyphs.map(({ artist }) => artist))).toEqual(
    GLYPH_CLASSES.map(() => ["openmoji"]),
  );
});

test("glyphs cover a part of their square, with premultiplied alpha", async () => {
  for (const [{ plain: [{ data }] }] of await loadGlyphs(["noto"])) {
    let [covered, brighter] = [0, 0];
    for (let i = 0; i < data.length; i += 4) {
      const alpha = data[i + 3];
      if (Math.max(data[i], data[i + 1], data[i + 2]) > alpha) brighter++;
      if (alpha > 127) covered++;
    }
    expect(brighter).toBe(0);
    expect(covered / (data.length / 4)).toBeGreaterThan(0.05);
    expect(covered / (data.length / 4)).toBeLessThan(1);
  }
});

test("an artist that is not known, or draws too little, is refused", async () => {
  await expect(loadGlyphs(["da-vinci"])).rejects.toThrow(
    /Cannot find the artist "da-vinci": known are noto/,
  );
  await expect(loadGlyphs(["emojione"])).rejects.toThrow(/none draws flamingo, swan, parrot/);
});
