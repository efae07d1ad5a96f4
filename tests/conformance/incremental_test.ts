/** Incremental inference gives what full inference gives, for any network, window and position. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeModel, withOutputs } from "../../shared/onnx/mod.ts";
import {
  buildIncremental,
  geometryOf,
  incrementalFeeds,
  planIncremental,
  type Position,
} from "../../shared/incremental/mod.ts";
import { type Backend, openSession } from "../../shared/runtime/mod.ts";
import { float32, type Tensor } from "../../shared/tensor/tensor.ts";
import { randomTensor } from "../networks.ts";
import { otherBackends } from "../other_backends.ts";
import { randomNetwork, type Recipe, recipes } from "./random_network.ts";

interface Case {
  readonly recipe: Recipe;
  readonly window: readonly [rows: number, columns: number];
  /** Where the windows begin, as parts of the way. */
  readonly places: readonly number[];
  readonly breakEven: number;
  readonly seed: number;
}

const cases: fc.Arbitrary<Case> = fc.record({
  recipe: recipes,
  window: fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })),
  places: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 2 }),
  breakEven: fc.constantFrom(1, 0.7, 0.4),
  seed: fc.integer({ min: 1, max: 1000 }),
});

/** The largest difference between incremental and full inference, relative to the range. */
async function worstDifference(
  { recipe, window, places, breakEven, seed }: Case,
  backend: Backend,
): Promise<number> {
  const { model } = randomNetwork(recipe);
  const { height, width } = recipe;
  const dims = [1, 3, height, width];
  const spans = (extent: number, size: number) =>
    [0, ...places, 1].map((place) => {
      const start = Math.round(place * (extent - 1));
      return { start, size: Math.min(size, extent - start) };
    });
  const positions = [spans(height, window[0]), spans(width, window[1])] as const;
  const outputs = ["logits", "prob"];
  const plan = planIncremental(model, { input: "x", dims, positions, outputs, breakEven });
  const incremental = buildIncremental(plan);
  const [x, shown] = [randomTensor(dims, seed), randomTensor(dims, seed + 1)];
  const open = (names: readonly string[]) =>
    openSession(encodeModel(withOutputs(model, names)), { backend });
  await using full = await open(outputs);
  await using changed = await openSession(encodeModel(incremental.model), { backend });
  const values: Record<string, Tensor<"float32">> = { x };
  const kept = incremental.cached.filter((name) => name !== "x");
  if (kept.length > 0) {
    await using cache = await open(kept);
    Object.assign(values, await cache.run({ x }));
  }
  let worst = 0;
  const groups = Map.groupBy(
    positions[0].flatMap((_, row) => positions[1].map((_, column): Position => [row, column])),
    (position) => geometryOf(incremental, position),
  );
  for (const group of groups.values()) {
    const results = await changed.run(incrementalFeeds(incremental, { values, shown }, group));
    for (const [n, [row, column]] of group.entries()) {
      const expected = await full.run({
        x: covered(x, shown, positions[0][row], positions[1][column]),
      });
      for (const name of outputs) {
        const right = expected[name].data as Float32Array;
        const got = results[incremental.outputs.get(name)!.name].data as Float32Array;
        const range = Math.max(...right) - Math.min(...right);
        right.forEach((value, i) => {
          const difference = Math.abs(value - got[n * right.length + i]);
          worst = Math.max(worst, difference / Math.max(range, 0.01));
        });
      }
    }
  }
  return worst;
}

interface Extent {
  readonly start: number;
  readonly size: number;
}

function covered(x: Tensor<"float32">, shown: Tensor<"float32">, rows: Extent, columns: Extent) {
  const [, , height, width] = x.dims;
  const isInside = (at: number, { start, size }: Extent) => at >= start && at < start + size;
  return float32(
    x.data.map((value, i) =>
      isInside(Math.floor(i / width) % height, rows) && isInside(i % width, columns)
        ? shown.data[i]
        : value
    ),
    x.dims,
  );
}

test("incremental inference equals full inference, whatever the network and the window", async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (drawn) => {
      expect(await worstDifference(drawn, "wasm"), randomNetwork(drawn.recipe).layers)
        .toBeLessThan(1e-5);
    }),
    { numRuns: 60 },
  );
});

test.for(await otherBackends())(
  "it does so on $title",
  async ({ backend, isMissing }, { skip }) => {
    skip(isMissing, "it is not on this machine");
    await fc.assert(
      fc.asyncProperty(cases, async (drawn) => {
        expect(await worstDifference(drawn, backend), randomNetwork(drawn.recipe).layers)
          .toBeLessThan(1e-4);
      }),
      { numRuns: 6, seed: 3 },
    );
  },
);
