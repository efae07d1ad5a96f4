import { expect, test } from "vitest";
import { linearNet, randomTensor } from "../../tests/networks.ts";
import { projection, unit, weightedSum } from "../grad/mod.ts";
import { manifestFor } from "../models/mod.ts";
import { decodeModel, encodeModel } from "../onnx/mod.ts";
import { openSession, type Session } from "../runtime/mod.ts";
import { float32, type Tensor } from "../tensor/tensor.ts";
import { levelSpace } from "./level_space.ts";
import { NATURAL_LEVELS } from "./start_image.ts";
import { imageAscent, type ImageAscentOptions } from "./image_ascent.ts";
import { randomShift, roll } from "./view.ts";

const SIDE = 4;
const DIMS = [1, 3, SIDE, SIDE];
const SIZE = 3 * SIDE * SIDE;
const { input } = manifestFor({ path: "x.onnx", height: SIDE, width: SIDE });
const weights = randomTensor([SIZE, 1], 1);

/** All points of an ascent of a linear score. */
async function pointsOf(options: Partial<ImageAscentOptions>): Promise<Float32Array[]> {
  const model = decodeModel(linearNet(weights, [3, SIDE, SIDE]));
  const network = { model, inputName: "x", dims: DIMS, input };
  const points: Float32Array[] = [];
  let session: Session | undefined;
  const ascent = imageAscent(network, async (model, feeds, outputs) => {
    session ??= await openSession(encodeModel(model), { backend: "wasm" });
    return await session.run(feeds, outputs);
  }, {
    objective: unit("logits", { channel: 0 }),
    feeds: {},
    start: float32(new Float32Array(SIZE).fill(0.5), DIMS),
    optimizer: "adam",
    steps: 4,
    ...options,
  });
  for await (const { image } of ascent) points.push(image.data);
  await session?.dispose();
  return points;
}

test("imageAscent() by Adam moves each pixel by its rate at first, up the gradient", async () => {
  const [first, second] = await pointsOf({ steps: 2 });
  const meanStd = input.std.reduce((sum, std) => sum + std, 0) / 3;
  second.forEach((value, i) => {
    expect(value - first[i]).toBeCloseTo(8 * input.scale / meanStd * Math.sign(weights.data[i]), 5);
  });
});

test("imageAscent() by Adam stays within what an image can show", async () => {
  const last = (await pointsOf({ steps: 40 })).at(-1)!;
  const { data } = levelSpace(input).fromInput(float32(last, DIMS));
  const middle = input.mean.map((mean) => mean / input.scale);
  data.forEach((level, i) => {
    const absolute = level + middle[Math.floor(i / (SIDE * SIDE))];
    expect(absolute).toBeGreaterThan(-0.01);
    expect(absolute).toBeLessThan(255.01);
  });
});

test("imageAscent() by momentum follows the published schedule", async () => {
  const points = await pointsOf({ optimizer: "momentum", steps: 8 });
  // Along the gradient by levels, times the squared norm of an image.
  const unitStep = (i: number) => {
    const std = input.std[Math.floor(i / (SIDE * SIDE))];
    return 0.004 * NATURAL_LEVELS ** 2 * SIZE * (input.scale / std) ** 2 * weights.data[i];
  };
  const stepOf = (k: number) => (points[k + 1][5] - points[k][5]) / unitStep(5);
  const found = Array.from({ length: 7 }, (_, k) => stepOf(k));
  // The velocity builds up by 0.9, and is forgotten where the rate falls: after 2 and after 6 of 8.
  const built = [1, 1.9, 0.1, 0.19, 0.271, 0.3439, 0.01];
  found.forEach((step, k) => expect(step).toBeCloseTo(built[k], 2));
});

test("imageAscent() feeds what the objective takes", async () => {
  const fed: Tensor = float32(Float32Array.of(-1), [1, 1]);
  const objective = weightedSum([[2, projection("logits", "choice")]]);
  const [first, second] = await pointsOf({ objective, feeds: { choice: fed }, steps: 2 });
  expect(Math.sign(second[0] - first[0])).toBe(-Math.sign(weights.data[0]));
});

test("imageAscent() with jitter sees a moved image, and moves its step back", async () => {
  const [down, right] = randomShift(3, 0, 1);
  expect([down, right]).not.toEqual([0, 0]);
  const [first, second] = await pointsOf({ optimizer: "momentum", jitter: 1, seed: 3 });
  // The score is linear: its gradient at the moved image is the weights.
  const slope = roll(float32(Float32Array.from(weights.data), DIMS), -down, -right).data;
  second.forEach((value, i) => {
    const std = input.std[Math.floor(i / (SIDE * SIDE))];
    const step = 0.004 * NATURAL_LEVELS ** 2 * SIZE * (input.scale / std) ** 2 * slope[i];
    expect(value - first[i]).toBeCloseTo(step, 4);
  });
});
