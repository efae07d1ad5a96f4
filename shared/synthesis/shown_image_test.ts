import { expect, test } from "vitest";
import { manifestFor } from "../models/mod.ts";
import { float32 } from "../tensor/tensor.ts";
import { shownImage } from "./shown_image.ts";

const { input } = manifestFor({
  path: "x.onnx",
  height: 2,
  width: 2,
  scale: 1,
  mean: [128, 128, 128],
  std: [1, 1, 1],
});
const tensorOf = (size: number) =>
  float32(Float32Array.from({ length: 12 }, (_, i) => i % 2 === 0 ? size : -size), [1, 3, 2, 2]);

test("a faint image is raised to 100 levels about the mean", () => {
  const { image, contrast } = shownImage(tensorOf(0.5), input);
  expect(contrast).toBeCloseTo(200);
  expect([...image.data.subarray(0, 8)]).toEqual([228, 228, 228, 255, 28, 28, 28, 255]);
});

test("an image of full contrast, or of none, is shown as it is", () => {
  expect(shownImage(tensorOf(80), input)).toMatchObject({ contrast: 1 });
  expect(shownImage(tensorOf(0), input)).toMatchObject({ contrast: 1 });
});
