import fc from "fast-check";
import { expect, test } from "vitest";
import { ChannelRanking } from "./channel_ranking.ts";

test("ChannelRanking equals sorting everything, stably", () => {
  const values = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 3, maxLength: 40 });
  fc.assert(fc.property(values, fc.integer({ min: 1, max: 3 }), (numbers, count) => {
    for (const [order, sign] of [["largest", -1], ["smallest", 1]] as const) {
      const ranking = new ChannelRanking(2, count, order);
      numbers.forEach((value, image) => {
        ranking.offer(0, value, image, 10 * image);
        ranking.offer(1, -value, image, image);
      });
      const expected = (factor: number) =>
        numbers.map((value, image) => ({ value: factor * value, image }))
          .sort((a, b) => sign * (a.value - b.value)).slice(0, count);
      const [first, second] = [expected(1), expected(-1)];
      expect([...ranking.images]).toEqual([...first, ...second].map(({ image }) => image));
      expect([...ranking.values].map((v) => v + 0)).toEqual(
        [...first, ...second].map(({ value }) => value + 0),
      );
      expect(ranking.positions[0]).toBe(10 * first[0].image);
    }
  }));
});
