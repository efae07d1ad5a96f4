import { finish } from "../../compute/mod.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { assign } from "./assign.ts";

/** The least cost over all ways to give each row a column of its own. */
function leastCost(costs: Float64Array, rows: number, columns: number): number {
  const search = (row: number, taken: ReadonlySet<number>): number => {
    if (row === rows) return 0;
    let least = Infinity;
    for (let column = 0; column < columns; column++) {
      if (taken.has(column)) continue;
      const rest = search(row + 1, new Set([...taken, column]));
      least = Math.min(least, costs[row * columns + column] + rest);
    }
    return least;
  };
  return search(0, new Set());
}

test("assign() costs as little as the best of all assignments", async () => {
  const sizes = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 2 }));
  const cases = sizes.chain(([rows, more]) =>
    fc.record({
      rows: fc.constant(rows),
      costs: fc.array(fc.integer({ min: -9, max: 9 }), {
        minLength: rows * (rows + more),
        maxLength: rows * (rows + more),
      }),
    })
  );
  await fc.assert(fc.asyncProperty(cases, async ({ rows, costs }) => {
    const columns = costs.length / rows;
    const matrix = Float64Array.from(costs);
    const result = await finish(assign(matrix, rows, columns));
    expect(new Set(result.columns).size).toBe(rows);
    expect(result.cost).toBeCloseTo(leastCost(matrix, rows, columns), 9);
  }));
});

test("assign() equals SciPy's linear_sum_assignment", async () => {
  const costs = Float64Array.from({ length: 11 * 14 }, (_, at) => {
    const [i, j] = [Math.floor(at / 14), at % 14];
    return (37 * i + 91 * j + 13 * i * j) % 101;
  });
  expect((await finish(assign(costs, 11, 14))).cost).toBe(104);
});

test("assign() refuses more rows than columns", async () => {
  await expect(finish(assign(new Float64Array(6), 3, 2))).rejects.toThrow(
    "Cannot assign 3 rows to 2",
  );
});
