import { expect, test } from "vitest";
import { float32 } from "../../tensor/tensor.ts";
import { gramMatrix } from "./style_layers.ts";

test("gramMatrix() averages the products of channels over positions", () => {
  const layer = float32(Float32Array.of(1, 2, 3, 4, 0, -2), [1, 3, 1, 2]);
  const gram = gramMatrix(layer);
  expect(gram.dims).toEqual([3, 3]);
  expect([...gram.data]).toEqual([2.5, 5.5, -2, 5.5, 12.5, -4, -2, -4, 2]);
});
