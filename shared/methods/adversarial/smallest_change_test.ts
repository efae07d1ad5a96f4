import { finish } from "../../compute/mod.ts";
import { expect, test } from "vitest";
import { smallestChange } from "./smallest_change.ts";

/** Fooled beyond a plane: what is raised is linear in the levels. */
const beyond = (slope: readonly number[], bound: number) => (levels: Float32Array) =>
  Promise.resolve({
    isFooled: levels.reduce((sum, level, i) => sum + slope[i] * level, 0) > bound,
    gradient: Float32Array.from(slope),
  });

const original = new Float32Array(4).fill(100);

test("smallestChange() by l2 goes straight to the plane", async () => {
  // The plane is 50 away along (0.6, 0.8, 0, 0).
  const attempt = beyond([0.6, 0.8, 0, 0], 140 + 50);
  const found = await finish(smallestChange({ original, norm: "l2", steps: 200, attempt }));
  expect(found.isFooled).toBe(true);
  expect(found.distance).toBeGreaterThanOrEqual(50);
  expect(found.distance).toBeLessThan(53);
  expect([...found.levels.subarray(2)]).toEqual([100, 100]);
});

test("smallestChange() by linf changes all levels that matter by the same", async () => {
  const attempt = beyond([1, -1, 2, 0], 200 + 20);
  const found = await finish(smallestChange({ original, norm: "linf", steps: 200, attempt }));
  expect(found).toMatchObject({ isFooled: true, distance: 6 });
  expect([...found.levels]).toEqual([106, 94, 106, 100]);
});

test("smallestChange() tries whole levels of 0 to 255 only", async () => {
  const tried: number[] = [];
  await finish(smallestChange({
    original: Float32Array.of(0, 250.4, 255),
    norm: "l2",
    steps: 30,
    attempt: (levels) => {
      tried.push(...levels);
      return Promise.resolve({ isFooled: false, gradient: Float32Array.of(-1, 0.3, 1) });
    },
  }));
  expect(tried.every((level) => Number.isInteger(level) && level >= 0 && level <= 255)).toBe(true);
});

test("smallestChange() gives the last image where nothing fools", async () => {
  const found = await finish(smallestChange({
    original,
    norm: "linf",
    steps: 5,
    attempt: beyond([1, 1, 1, 1], 1e6),
  }));
  expect(found).toMatchObject({ isFooled: false, step: 4 });
});
