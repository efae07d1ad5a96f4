import { expect, test } from "vitest";
import { float32 } from "../tensor/tensor.ts";
import { climb, type ClimbPoint } from "./climb.ts";

const picture = (value: number) => float32(Float32Array.of(value), [1, 1, 1, 1]);

async function* through(...values: number[]): AsyncGenerator<ClimbPoint> {
  for (const value of values) yield await Promise.resolve({ picture: picture(value), value });
}

test("climb() keeps the best point, the first of equals, or the last", async () => {
  const best = await climb(through(1, 5, 2, 5), { keep: "best" });
  expect(best).toMatchObject({ picture: picture(5), value: 5, index: 1, values: [1, 5, 2, 5] });
  const last = await climb(through(1, 5, 2), { keep: "last" });
  expect(last).toMatchObject({ picture: picture(2), value: 2, index: 2 });
});

test("climb() reports every point, and stops when told", async () => {
  const controller = new AbortController();
  const seen: number[] = [];
  const onPoint = ({ value }: ClimbPoint, index: number) => {
    seen.push(value, index);
    if (index === 1) controller.abort(new Error("enough"));
  };
  const ascent = climb(through(7, 8, 9), { keep: "last", signal: controller.signal, onPoint });
  await expect(ascent).rejects.toThrow("enough");
  expect(seen).toEqual([7, 0, 8, 1]);
});

test("climb() refuses a value that is no number, and an ascent without a step", async () => {
  await expect(climb(through(1, NaN), { keep: "best" })).rejects.toThrow(
    "Cannot ascend: after 1 steps the objective is NaN",
  );
  await expect(climb(through(), { keep: "best" })).rejects.toThrow("there are no steps");
});
