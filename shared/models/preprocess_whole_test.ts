import { expect, test } from "vitest";
import { float32 } from "../tensor/tensor.ts";
import { manifestFor } from "./manifest_for.ts";
import { deprocess } from "./preprocess.ts";
import { preprocessWhole } from "./preprocess_whole.ts";

test("an image of the input's size is fed pixel by pixel, whatever is cut off other images", () => {
  const { input } = manifestFor({ path: "small.onnx", height: 6, width: 6 });
  const cropped = { ...input, resize: { shortSide: 9, filter: "bilinear" as const } };
  const levels = Float32Array.from({ length: 3 * 36 }, (_, i) => (7 * i) % 251);
  const fed = float32(
    levels.map((v, i) => {
      const plane = Math.floor(i / 36);
      return (v * input.scale - input.mean[plane]) / input.std[plane];
    }),
    [1, 3, 6, 6],
  );
  const again = preprocessWhole(deprocess(fed, input), cropped);
  // Nothing but the rounding of float32.
  again.data.forEach((value, i) => expect(value).toBeCloseTo(fed.data[i], 5));
});
