import { beforeAll, expect, test } from "vitest";
import { sha256 } from "../../../shared/models/mod.ts";
import { TRAINING_ARTISTS } from "./artists.ts";
import { type GlyphLibrary, loadGlyphs } from "./glyph_library.ts";
import { renderScene } from "./scene.ts";

let library: GlyphLibrary;
beforeAll(async () => {
  library = await loadGlyphs(TRAINING_ARTISTS);
});

test("a scene depends on its series and number alone", () => {
  const alone = renderScene(library, 3, 17);
  for (const index of [16, 18]) expect(renderScene(library, 3, index)).not.toEqual(alone);
  expect(renderScene(library, 4, 17)).not.toEqual(alone);
  expect(renderScene(library, 3, 17)).toEqual(alone);
});

test("the scenes that the shipped networks learned from have not changed", async () => {
  const digests = await Promise.all([0, 1, 2, 3].map(async (index) => {
    const { image } = renderScene(library, 1, index);
    return (await sha256(new Uint8Array(image.data))).slice(0, 16);
  }));
  expect(digests).toMatchInlineSnapshot(`
    [
      "8de9d2859ae41c5c",
      "a5fecd2365307a06",
      "e8bd577dc87efcb1",
      "4bb02d2f914b71e3",
    ]
  `);
});

test("the main object is the largest, and of the class that was asked for", () => {
  for (let index = 0; index < 60; index++) {
    const { objects, main } = renderScene(library, 5, index, { classIndex: index });
    const sizes = objects.map(({ size }) => size);
    expect(sizes[main]).toBe(Math.max(...sizes));
    expect(objects[main].classIndex).toBe(index);
    expect(objects.filter(({ classIndex }) => classIndex === index)).toHaveLength(1);
  }
});

test("masks name the scene's objects, and the main one is seen in nearly every scene", () => {
  let seen = 0;
  for (let index = 0; index < 100; index++) {
    const { objects, main, owner, image } = renderScene(library, 6, index);
    expect(owner).toHaveLength(image.width * image.height);
    expect(Math.max(...owner)).toBeLessThanOrEqual(objects.length);
    const share = owner.filter((value) => value === main + 1).length / owner.length;
    if (share > 0.03) seen++;
  }
  expect(seen).toBeGreaterThan(95);
});

test("images are opaque, and as large as asked for", () => {
  const { image } = renderScene(library, 7, 0, { side: 40 });
  expect([image.width, image.height]).toEqual([40, 40]);
  expect(image.data.filter((_, i) => i % 4 === 3).every((alpha) => alpha === 255)).toBe(true);
});
