import type { Tensor } from "../../tensor/tensor.ts";
import { type GradientCase, ints, random } from "../gradient_case.ts";

const scalar = (value: bigint): Tensor<"int64"> => ({
  type: "int64",
  dims: [],
  data: BigInt64Array.of(value),
});
const grid: Tensor<"int64"> = {
  type: "int64",
  dims: [2, 2],
  data: BigInt64Array.of(0n, 2n, -1n, 0n),
};

export const cases: GradientCase[] = [
  { op: "Gather", name: "scalar index", inputs: [random([3, 4]), scalar(1n)] },
  {
    op: "Gather",
    name: "negative scalar, axis 1",
    inputs: [random([3, 4]), scalar(-1n)],
    attributes: { axis: 1 },
  },
  {
    op: "Gather",
    name: "repeated",
    inputs: [random([2, 4, 3]), ints(3, 0, 3, 1)],
    attributes: { axis: 1 },
  },
  {
    op: "Gather",
    name: "last axis",
    inputs: [random([2, 4]), ints(2, 0)],
    attributes: { axis: -1 },
  },
  { op: "Gather", name: "grid of indices", inputs: [random([3, 2]), grid] },
];
