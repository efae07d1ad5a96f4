import { expect, test } from "vitest";
import { manifestFor } from "../models/mod.ts";
import { float32 } from "../tensor/tensor.ts";
import { meanVariation } from "./mean_variation.ts";

const input = {
  ...manifestFor({ path: "x.onnx", height: 2, width: 3 }).input,
  scale: 1 / 255,
  mean: [0, 0, 0],
  std: [1, 0.5, 1],
};

test("meanVariation() is the mean difference of neighbours in levels", () => {
  const share = (level: number) => level / 255;
  const planes = [
    [0, 10, 10, 0, 10, 10],
    [0, 0, 0, 7, 7, 7].map((level) => level / 0.5),
    [5, 5, 5, 5, 5, 5],
  ];
  const image = float32(Float32Array.from(planes.flat(), share), [1, 3, 2, 3]);
  // Seven pairs a plane: of the first, two differ by 10, of the second, three by 7.
  expect(meanVariation(image, input)).toBeCloseTo((2 * 10 + 3 * 7) / 21, 4);
});

test("meanVariation() of a single pixel is 0", () => {
  expect(meanVariation(float32(new Float32Array(3), [1, 3, 1, 1]), input)).toBe(0);
});
