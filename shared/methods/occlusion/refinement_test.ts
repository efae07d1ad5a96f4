import fc from "fast-check";
import { expect, test } from "vitest";
import { Refinement } from "./refinement.ts";

const sizes = fc.record({
  rows: fc.integer({ min: 1, max: 20 }),
  columns: fc.integer({ min: 1, max: 20 }),
  count: fc.integer({ min: 1, max: 17 }),
});

test("Refinement takes every position once, whether or not it hears of the values", () => {
  fc.assert(fc.property(sizes, fc.boolean(), ({ rows, columns, count }, hears) => {
    const refinement = new Refinement(rows, columns);
    const taken: number[] = [];
    for (let some = refinement.take(count); some.length > 0; some = refinement.take(count)) {
      expect(some.length).toBeLessThanOrEqual(count);
      taken.push(...some);
      if (hears) { for (const position of some) refinement.add(position, Math.sin(position)); }
    }
    expect(taken.toSorted((a, b) => a - b)).toEqual([...Array(rows * columns).keys()]);
  }));
});

test("Refinement begins with every fourth row and column, and interpolates a plane exactly", () => {
  const refinement = new Refinement(9, 13);
  const plane = (position: number) => 3 * Math.floor(position / 13) - (position % 13);
  const coarse = refinement.take(12);
  expect(coarse.toSorted((a, b) => a - b)).toEqual(
    [0, 4, 8].flatMap((row) => [0, 4, 8, 12].map((column) => 13 * row + column)),
  );
  expect(refinement.preview().every(Number.isNaN)).toBe(true);
  for (const position of coarse) refinement.add(position, plane(position));
  refinement.preview().forEach((value, i) => expect(value).toBeCloseTo(plane(i), 10));
});

test("Refinement goes on where the values differ most", () => {
  const refinement = new Refinement(17, 17);
  // Flat, but for a hill in the lower right corner.
  const hill = (position: number) => {
    const [y, x] = [Math.floor(position / 17), position % 17];
    return Math.exp(-((y - 13) ** 2 + (x - 13) ** 2) / 8);
  };
  const hear = (positions: number[]) => {
    for (const position of positions) refinement.add(position, hill(position));
    return positions;
  };
  hear(refinement.take(25));
  for (const position of hear(refinement.take(8))) {
    expect(Math.min(Math.floor(position / 17), position % 17)).toBeGreaterThanOrEqual(8);
  }
});
