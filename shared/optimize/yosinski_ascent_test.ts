import { expect, test } from "vitest";
import { manifestFor } from "../models/mod.ts";
import { normalAt } from "../tensor/random.ts";
import type { AscentPoint } from "./ascend.ts";
import { yosinskiAscent } from "./yosinski_ascent.ts";
import type { YosinskiRecipe } from "./yosinski_recipes.ts";

const dims = [1, 1, 1, 4];
/** Levels less 100, as they are: the network's own scale does not come into it. */
const input = {
  ...manifestFor({ path: "x.onnx", height: 1, width: 4 }).input,
  channelOrder: "GRAY" as const,
  scale: 1,
  mean: [100],
  std: [1],
};
const WEIGHTS = Float32Array.of(1, -2, 0.5, 3);

/** The score of a linear network. */
const gradientOf = ({ data }: { data: Float32Array }) =>
  Promise.resolve({
    value: data.reduce((sum, v, i) => sum + v * WEIGHTS[i], 0),
    gradient: WEIGHTS,
  });

const bare: YosinskiRecipe = {
  decay: 0,
  normPercentile: 0,
  contributionPercentile: 0,
  steps: 10,
  rate: { constant: 2 },
};

async function points(recipe: Partial<YosinskiRecipe>, steps: number): Promise<AscentPoint[]> {
  const options = { recipe: { ...bare, ...recipe }, steps, seed: 3 };
  return await Array.fromAsync(yosinskiAscent(dims, input, gradientOf, options));
}

const start = Array.from({ length: 4 }, (_, i) => 10 * normalAt(3, i));
const clip = (v: number) => Math.min(155, Math.max(-100, v));
const near = (values: readonly number[]) => values.map((v) => expect.closeTo(v, 3));

test("yosinskiAscent() starts from noise and shrinks after the step", async () => {
  const made = await points({ decay: 0.3 }, 3);
  expect(made).toHaveLength(3);
  let expected = start;
  for (const { image, value } of made) {
    expect([...image.data]).toEqual(near(expected));
    expect(value).toBeCloseTo(expected.reduce((sum, v, i) => sum + v * WEIGHTS[i], 0), 3);
    expected = expected.map((v, i) => (v + 2 * WEIGHTS[i]) * 0.7);
  }
});

test("yosinskiAscent() clips before it measures", async () => {
  const made = await points({ rate: { constant: 200 } }, 2);
  expect([...made[1].image.data]).toEqual(near(start.map((v, i) => clip(v + 200 * WEIGHTS[i]))));
});

test("yosinskiAscent() of a progress raises a linear score by it, but no faster than allowed", async () => {
  const [first, second] = await points({ rate: { progress: 5, max: 100 } }, 2);
  expect(second.value - first.value).toBeCloseTo(5, 3);
  const [slow, slower] = await points({ rate: { progress: 5, max: 0.1 } }, 2);
  expect(slower.value - slow.value).toBeCloseTo(0.1 * (1 + 4 + 0.25 + 9), 3);
});

test("yosinskiAscent() sends pixels of small norm, and of small contribution, to the mean", async () => {
  const stepped = start.map((v, i) => v + 2 * WEIGHTS[i]);
  const kept = (strengths: number[]) => {
    const [, , third] = strengths.toSorted((a, b) => a - b);
    return stepped.map((v, i) => strengths[i] < third ? 0 : v);
  };
  const byNorm = await points({ normPercentile: 200 / 3 }, 2);
  expect([...byNorm[1].image.data]).toEqual(near(kept(stepped.map(Math.abs))));
  const byContribution = await points({ contributionPercentile: 200 / 3 }, 2);
  const contributions = stepped.map((v, i) => Math.abs(v * WEIGHTS[i]));
  expect([...byContribution[1].image.data]).toEqual(near(kept(contributions)));
});

test("yosinskiAscent() blurs every so many steps, beginning with the first", async () => {
  const made = await points({ rate: { constant: 0 }, blur: { sigma: 1, every: 2 } }, 4);
  const data = made.map(({ image }) => [...image.data]);
  expect(data[1]).not.toEqual(near(data[0]));
  expect(data[2]).toEqual(data[1]);
  expect(data[3]).not.toEqual(near(data[2]));
});
