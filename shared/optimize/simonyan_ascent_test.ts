import { expect, test } from "vitest";
import { manifestFor } from "../models/mod.ts";
import { simonyanAscent } from "./simonyan_ascent.ts";

const input = {
  ...manifestFor({ path: "x.onnx", height: 1, width: 3 }).input,
  channelOrder: "GRAY" as const,
  scale: 1,
  mean: [100],
  std: [1],
};
const WEIGHTS = Float32Array.of(1, -2, 3);
const gradientOf = ({ data }: { data: Float32Array }) =>
  Promise.resolve({
    value: data.reduce((sum, v, i) => sum + v * WEIGHTS[i], 0),
    gradient: WEIGHTS,
  });

async function ascend(steps: number, size: number) {
  const options = { steps, rate: 0.5, size };
  return await Array.fromAsync(simonyanAscent([1, 1, 1, 3], input, gradientOf, options));
}

test("simonyanAscent() starts at the mean image and moves by the rate on average", async () => {
  const [first, second] = await ascend(2, 10);
  expect([...first.image.data]).toEqual([0, 0, 0]);
  [0.25, -0.5, 0.75].forEach((v, i) => expect(second.image.data[i]).toBeCloseTo(v, 6));
});

test("simonyanAscent() of a linear score ends where score and penalty are in balance", async () => {
  const last = (await ascend(400, 10)).at(-1)!;
  const rootMeanSquare = Math.sqrt((1 + 4 + 9) / 3);
  WEIGHTS.forEach((w, i) => expect(last.image.data[i]).toBeCloseTo(10 * w / rootMeanSquare, 2));
});
