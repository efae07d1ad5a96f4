import { expect, test } from "vitest";
import { randomTensor } from "../../tests/networks.ts";
import { float32 } from "../tensor/tensor.ts";
import { roll } from "./roll.ts";

test("roll() there and back is the identity", () => {
  const planes = randomTensor([1, 2, 5, 7], 1);
  expect(roll(roll(planes, 3, -9), -3, 9).data).toEqual(planes.data);
  const row = float32(Float32Array.of(1, 2, 3), [1, 1, 1, 3]);
  expect([...roll(row, 0, 1).data]).toEqual([3, 1, 2]);
});
