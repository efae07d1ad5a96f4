import fc from "fast-check";
import { expect, test } from "vitest";
import { latticeLines } from "./lattice.ts";

test("latticeLines() has every line once, each between two coarser ones", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 60 }), (count) => {
    const lines = latticeLines(count);
    expect(lines.map(({ at }) => at)).toEqual(Array.from({ length: count }, (_, i) => i));
    for (const { at, level, before, after } of lines) {
      if (level === 0) {
        expect([before, after]).toEqual([at, at]);
        continue;
      }
      expect(before < at && at < after).toBe(true);
      expect(lines[before].level).toBeLessThan(level);
      expect(lines[after].level).toBeLessThan(level);
    }
    expect([lines[0].level, lines[count - 1].level]).toEqual([0, 0]);
  }));
});
