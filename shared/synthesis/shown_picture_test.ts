import { expect, test } from "vitest";
import { manifestFor } from "../models/mod.ts";
import { float32 } from "../tensor/tensor.ts";
import { shownPicture } from "./shown_picture.ts";

const { input } = manifestFor({
  path: "x.onnx",
  height: 2,
  width: 2,
  scale: 1,
  mean: [128, 128, 128],
  std: [1, 1, 1],
});
const picture = (size: number) =>
  float32(Float32Array.from({ length: 12 }, (_, i) => i % 2 === 0 ? size : -size), [1, 3, 2, 2]);

test("a faint picture is raised to 100 levels about the mean", () => {
  const { image, contrast } = shownPicture(picture(0.5), input);
  expect(contrast).toBeCloseTo(200);
  expect([...image.data.subarray(0, 8)]).toEqual([228, 228, 228, 255, 28, 28, 28, 255]);
});

test("a picture of full contrast, or of none, is shown as it is", () => {
  expect(shownPicture(picture(80), input)).toMatchObject({ contrast: 1 });
  expect(shownPicture(picture(0), input)).toMatchObject({ contrast: 1 });
});
