import { expect, test } from "vitest";
import { float32 } from "../tensor/tensor.ts";
import { ascend, type AscendOptions, type AscentPoint } from "./ascend.ts";

const image = (value: number) => float32(Float32Array.of(value), [1, 1, 1, 1]);

async function* through(...values: number[]): AsyncGenerator<AscentPoint> {
  for (const value of values) yield await Promise.resolve({ image: image(value), value });
}

/** The result of an ascent through some values, and what it yielded on the way. */
async function follow(values: readonly number[], options: AscendOptions) {
  const ascent = ascend(through(...values), options);
  const seen: number[] = [];
  for (;;) {
    const { value, done } = await ascent.next();
    if (done) return { ...value, seen };
    seen.push(value.value, value.index);
  }
}

test("ascend() keeps the best point, the first of equals, or the last", async () => {
  const best = await follow([1, 5, 2, 5], { keep: "best" });
  expect(best).toMatchObject({ image: image(5), value: 5, index: 1, values: [1, 5, 2, 5] });
  expect(best.seen).toEqual([1, 0, 5, 1, 2, 2, 5, 3]);
  const last = await follow([1, 5, 2], { keep: "last" });
  expect(last).toMatchObject({ image: image(2), value: 2, index: 2 });
});

test("ascend() stops when told", async () => {
  const controller = new AbortController();
  const ascent = ascend(through(7, 8, 9), { keep: "last", signal: controller.signal });
  await ascent.next();
  controller.abort(new Error("enough"));
  await expect(ascent.next()).rejects.toThrow("enough");
});

test("ascend() refuses a value that is no number, and an ascent without a step", async () => {
  await expect(follow([1, NaN], { keep: "best" })).rejects.toThrow(
    "Cannot ascend: after 1 steps the objective is NaN",
  );
  await expect(follow([], { keep: "best" })).rejects.toThrow("there are no steps");
});
