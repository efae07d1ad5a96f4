import { type GradientCase, random } from "../gradient_case.ts";

const x = (dims: readonly number[]) => [random(dims, { away: [0] })];

export const cases: GradientCase[] = [
  {
    op: "LpPool",
    name: "p2 k2 s2",
    inputs: x([1, 2, 6, 6]),
    attributes: { kernel_shape: [2, 2], strides: [2, 2] },
  },
  {
    op: "LpPool",
    name: "p1 k3",
    inputs: x([1, 2, 5, 5]),
    attributes: { kernel_shape: [3, 3], p: 1 },
  },
  {
    op: "LpPool",
    name: "p3 k3 s2 p1",
    inputs: x([1, 2, 6, 7]),
    attributes: { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], p: 3 },
  },
  {
    op: "LpPool",
    name: "SAME_UPPER and pads",
    inputs: x([1, 2, 6, 7]),
    attributes: { kernel_shape: [3, 2], auto_pad: "SAME_UPPER", pads: [1, 1, 0, 1] },
  },
  {
    op: "LpPool",
    name: "SAME_LOWER, dilation 2",
    inputs: x([1, 2, 7, 8]),
    attributes: { kernel_shape: [3, 2], dilations: [2, 2], auto_pad: "SAME_LOWER" },
    since: 18,
  },
  { op: "GlobalLpPool", name: "p2", inputs: x([2, 3, 4, 4]) },
  { op: "GlobalLpPool", name: "p3", inputs: x([2, 3, 4, 4]), attributes: { p: 3 } },
];
