import { expect, test } from "vitest";
import { randomView } from "./random_view.ts";

const range = { shift: 6, zoom: 0.1, angle: 0.2 };
const views = Array.from({ length: 500 }, (_, step) => randomView(range, 4, step));

test("randomView() covers its range and does not leave it", () => {
  const spans = {
    down: [-6, 6],
    right: [-6, 6],
    zoom: [0.9, 1.1],
    angle: [-0.2, 0.2],
  } as const;
  for (const [name, [least, most]] of Object.entries(spans)) {
    const values = views.map((view) => view[name as keyof typeof spans]);
    const tenth = (most - least) / 10;
    expect(Math.min(...values)).toBeGreaterThanOrEqual(least);
    expect(Math.max(...values)).toBeLessThanOrEqual(most);
    expect(Math.min(...values)).toBeLessThan(least + tenth);
    expect(Math.max(...values)).toBeGreaterThan(most - tenth);
  }
});

test("randomView() is the same for a seed and step, and another for others", () => {
  expect(randomView(range, 4, 7)).toEqual(views[7]);
  expect(views[8]).not.toEqual(views[7]);
  expect(randomView(range, 5, 7)).not.toEqual(views[7]);
});
