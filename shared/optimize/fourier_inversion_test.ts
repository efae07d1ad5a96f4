import { expect, test } from "vitest";
import { linearNet, randomTensor } from "../../tests/networks.ts";
import { manifestFor } from "../models/mod.ts";
import { decodeModel, encodeModel } from "../onnx/mod.ts";
import { openSession, type Session } from "../runtime/mod.ts";
import { float32 } from "../tensor/tensor.ts";
import { fourierInversion } from "./fourier_inversion.ts";

const SIDE = 8;
const DIMS = [1, 3, SIDE, SIDE];
const WANTED = [4, -3];
const { input } = manifestFor({ path: "x.onnx", height: SIDE, width: SIDE });
const weights = randomTensor([3 * SIDE * SIDE, WANTED.length], 1);
const inverted = {
  ...{ model: decodeModel(linearNet(weights, [3, SIDE, SIDE])), inputName: "x", dims: DIMS, input },
  layer: "logits",
  features: float32(Float32Array.from(WANTED), [1, WANTED.length]),
};
const STILL = { shift: 0, zoom: 0, angle: 0 };

test("fourierInversion() comes to the features, and its objective is minus the squared relative distance and the contrast", async () => {
  const sessions = new Map<unknown, Session>();
  const ascent = fourierInversion(inverted, async (model, feeds, outputs) => {
    const session = sessions.get(model) ??
      await openSession(encodeModel(model), { backend: "wasm" });
    sessions.set(model, session);
    return await session.run(feeds, outputs);
  }, { steps: 120, seed: 1, views: STILL });
  const points = await Array.fromAsync(ascent);
  await Promise.all([...sessions.values()].map((session) => session.dispose()));
  const norm = WANTED.reduce((sum, value) => sum + value ** 2, 0);
  const distance = (image: ArrayLike<number>) =>
    WANTED.reduce((sum, value, code) => {
      let logit = 0;
      for (let i = 0; i < image.length; i++) logit += image[i] * weights.data[2 * i + code];
      return sum + (logit - value) ** 2;
    }, 0) / norm;
  /** A fortieth of the mean square of levels over 60, squared, as natural images have it. */
  const contrast = (image: ArrayLike<number>) => {
    const levels = Array.from(image, (value) => value / input.scale);
    return levels.reduce((sum, level) => sum + level ** 2, 0) / levels.length / 60 ** 2 / 40;
  };
  // A value is of the image before the step; sums of 192 products in single precision.
  for (const step of [1, 60, 119]) {
    const { data } = points[step - 1].image;
    expect(points[step].value).toBeCloseTo(-distance(data) - contrast(data), 4);
  }
  expect(points[0].value).toBeLessThan(-0.2);
  expect(distance(points.at(-1)!.image.data)).toBeLessThan(0.01);
});

test("fourierInversion() refuses features that say nothing", () => {
  const features = float32(new Float32Array(WANTED.length), [1, WANTED.length]);
  const start = () =>
    fourierInversion({ ...inverted, features }, () => Promise.reject(), {
      ...{ steps: 1, seed: 0, views: STILL },
    });
  expect(start).toThrow('Cannot invert "logits": its features are all zeros');
});
