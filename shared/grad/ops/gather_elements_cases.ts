import type { Tensor } from "../../tensor/tensor.ts";
import { type GradientCase, ints, random } from "../gradient_case.ts";

const places = (dims: readonly number[], ...values: number[]): Tensor<"int64"> => ({
  type: "int64",
  dims,
  data: BigInt64Array.from(values, BigInt),
});
const spaced = (dims: readonly number[]) => random(dims, { spaced: true });

export const cases: GradientCase[] = [
  {
    op: "GatherElements",
    name: "repeated and from the end",
    inputs: [random([2, 3]), places([4, 3], 0, 1, 0, 1, 1, -1, 0, 0, 0, 1, 0, 1)],
  },
  {
    op: "GatherElements",
    name: "axis 1, less of the others",
    inputs: [random([3, 4, 2]), places([2, 3, 1], 3, 0, 3, 1, 2, 2)],
    attributes: { axis: 1 },
  },
  {
    op: "TopK",
    name: "largest of the last axis",
    since: 10,
    inputs: [spaced([2, 3, 6]), ints(3)],
    outputs: 2,
    used: [0],
  },
  {
    op: "TopK",
    name: "smallest of axis 1",
    since: 11,
    inputs: [spaced([2, 5, 3]), ints(2)],
    attributes: { axis: 1, largest: 0 },
    outputs: 2,
    used: [0],
  },
];
