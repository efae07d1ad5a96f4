import type { Tensor } from "../../tensor/tensor.ts";
import { type GradientCase, random } from "../gradient_case.ts";

const places = (dims: readonly number[], ...values: number[]): Tensor<"int64"> => ({
  type: "int64",
  dims,
  data: BigInt64Array.from(values, BigInt),
});

export const cases: GradientCase[] = [
  {
    op: "ScatterND",
    name: "rows",
    inputs: [random([4, 3]), places([2, 1], 2, 0), random([2, 3])],
  },
  {
    op: "ScatterND",
    name: "elements, added",
    since: 16,
    inputs: [random([3, 4]), places([2, 2], 0, 1, 2, 3), random([2])],
    attributes: { reduction: "add" },
  },
  {
    op: "ScatterElements",
    name: "axis 1",
    inputs: [random([2, 4]), places([2, 2], 3, 0, 1, 2), random([2, 2])],
    attributes: { axis: 1 },
  },
  {
    op: "MaxUnpool",
    name: "k2 s2",
    inputs: [
      random([1, 2, 2, 2]),
      places([1, 2, 2, 2], 0, 3, 9, 14, 17, 18, 28, 27),
    ],
    attributes: { kernel_shape: [2, 2], strides: [2, 2] },
  },
  {
    op: "MaxUnpool",
    name: "to a given shape",
    inputs: [
      random([1, 1, 2, 2]),
      places([1, 1, 2, 2], 1, 3, 11, 22),
      places([4], 1, 1, 5, 5),
    ],
    attributes: { kernel_shape: [2, 2], strides: [2, 2] },
  },
];
