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
  { op: "GatherND", name: "elements, one from the end", inputs: [random([3, 3]), grid] },
  {
    op: "GatherND",
    name: "rows, one of them twice",
    inputs: [random([3, 4]), { ...grid, dims: [4, 1] }],
  },
  {
    op: "GatherND",
    name: "within batches",
    since: 12,
    inputs: [random([2, 3, 3]), { ...grid, dims: [2, 2, 1] }],
    attributes: { batch_dims: 1 },
  },
];
