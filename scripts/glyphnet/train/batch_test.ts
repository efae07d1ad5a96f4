import { expect, test } from "vitest";
import { TRAINING_ARTISTS } from "../drawings/artists.ts";
import { loadGlyphs } from "../drawings/glyph_library.ts";
import { renderScene } from "../drawings/scene.ts";
import { renderBatch, targetsOf } from "./batch.ts";

test("a batch holds the scenes' planes, from -2 for black to 2 for white", async () => {
  const library = await loadGlyphs(TRAINING_ARTISTS);
  const { images, labels } = renderBatch(library, { seed: 3, first: 10, count: 2, side: 32 });
  expect(images.dims).toEqual([2, 3, 32, 32]);
  const { image, objects, main } = renderScene(library, 3, 11, { side: 32 });
  expect(labels[1]).toBe(objects[main].classIndex);
  for (const channel of [0, 1, 2]) {
    const at = (3 + channel) * 32 * 32 + 40;
    expect(images.data[at]).toBeCloseTo((image.data[4 * 40 + channel] / 255 - 0.5) / 0.25, 5);
  }
  for (const value of images.data) if (Math.abs(value) > 2) throw new RangeError(`${value}`);
});

test("targets are probabilities", () => {
  const { data, dims } = targetsOf([1, 0], 4, 0.2);
  expect(dims).toEqual([2, 4]);
  expect([...data]).toEqual(
    [0.05, 0.85, 0.05, 0.05, 0.85, 0.05, 0.05, 0.05].map((value) => expect.closeTo(value, 6)),
  );
});
