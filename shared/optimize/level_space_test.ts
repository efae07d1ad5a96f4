import { expect, test } from "vitest";
import { manifestFor } from "../models/mod.ts";
import { float32 } from "../tensor/tensor.ts";
import { levelSpace } from "./level_space.ts";

const input = {
  ...manifestFor({ path: "x.onnx", height: 1, width: 2 }).input,
  scale: 1 / 255,
  mean: [0.5, 0.4, 0.2],
  std: [0.25, 0.5, 0.1],
};
const space = levelSpace(input);
const dims = [1, 3, 1, 2];

test("levelSpace() turns levels about the mean into the network's input and back", () => {
  const levels = float32(Float32Array.of(0, 25.5, 51, -51, 102, 0), dims);
  const fed = space.toInput(levels);
  [0, 0.4, 0.4, -0.4, 4, 0].forEach((v, i) => expect(fed.data[i]).toBeCloseTo(v, 5));
  space.fromInput(fed).data.forEach((v, i) => expect(v).toBeCloseTo(levels.data[i], 4));
});

test("levelSpace() clips to what an image can show", () => {
  const levels = float32(Float32Array.of(-500, 500, -500, 500, -500, 500), dims);
  space.clip(levels);
  [-127.5, 127.5, -102, 153, -51, 204].forEach((v, i) => expect(levels.data[i]).toBeCloseTo(v, 4));
});

test("levelSpace() gives the gradient by levels", () => {
  const weights = Float32Array.of(1, 2, 3, 4, 5, 6);
  const value = (levels: Float32Array) =>
    space.toInput(float32(levels, dims)).data.reduce((sum, v, i) => sum + v * weights[i], 0);
  space.gradient(weights).forEach((g, i) => {
    const one = new Float32Array(6);
    one[i] = 1;
    expect(g).toBeCloseTo(value(one), 6);
  });
});
