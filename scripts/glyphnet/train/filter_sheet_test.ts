import { expect, test } from "vitest";
import { float32 } from "../../../shared/tensor/tensor.ts";
import { filterSheet } from "./filter_sheet.ts";

test("each kernel is scaled by its largest weight, around grey", () => {
  const [width, height] = [2, 1];
  const kernels = float32(Float32Array.of(1, 0, 0, 0, -0.5, 0), [1, 3, height, width]);
  const sheet = filterSheet(kernels);
  const at = (x: number, y: number) =>
    [...sheet.data.subarray(4 * (y * sheet.width + x))].slice(0, 4);
  // A border of 4 pixels, then 6 pixels for a weight.
  expect(at(6, 6)).toEqual([255, 128, 64, 255]);
  expect(at(12, 6)).toEqual([128, 128, 128, 255]);
});
