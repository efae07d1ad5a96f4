import { type GradientCase, random } from "../gradient_case.ts";

const pool = (
  name: string,
  x: readonly number[],
  attributes: GradientCase["attributes"],
): GradientCase => ({
  op: "MaxPool",
  name,
  inputs: [random(x, { spaced: true })],
  attributes,
  // Both came with operator set 10.
  ...(attributes!.ceil_mode || attributes!.dilations) && { since: 10 },
});

export const cases: GradientCase[] = [
  pool("k2 s2", [2, 3, 6, 6], { kernel_shape: [2, 2], strides: [2, 2] }),
  pool("k3 d2 in the last columns", [1, 2, 9, 5], {
    kernel_shape: [3, 3],
    strides: [2, 4],
    dilations: [1, 2],
  }),
  pool("k3 s2 overlapping", [1, 2, 7, 9], { kernel_shape: [3, 3], strides: [2, 2] }),
  pool("k3 s2 ceil", [1, 2, 8, 8], { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }),
  pool("k2 s3 ceil, a window would begin in the padding", [1, 2, 5, 5], {
    kernel_shape: [2, 2],
    strides: [3, 3],
    pads: [0, 0, 1, 1],
    ceil_mode: 1,
  }),
  pool("the same along one axis, and one window more along the other", [1, 2, 6, 5], {
    kernel_shape: [3, 2],
    strides: [2, 3],
    pads: [0, 0, 0, 1],
    ceil_mode: 1,
  }),
  pool("k3 s2 p1 ceil", [1, 2, 6, 7], {
    kernel_shape: [3, 3],
    strides: [2, 2],
    pads: [1, 1, 1, 1],
    ceil_mode: 1,
  }),
  pool("k3 s1 p1", [1, 2, 5, 4], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }),
  pool("k2 s3, gaps", [1, 1, 8, 8], { kernel_shape: [2, 2], strides: [3, 3] }),
  pool("k3x2 s1x2 uneven pads", [1, 2, 6, 6], {
    kernel_shape: [3, 2],
    strides: [1, 2],
    pads: [1, 0, 0, 1],
  }),
  pool("dilation 2", [1, 2, 8, 8], { kernel_shape: [3, 3], dilations: [2, 2] }),
  pool("dilation 2 s3", [1, 1, 9, 9], { kernel_shape: [2, 2], dilations: [2, 2], strides: [3, 3] }),
  pool("SAME_UPPER s2", [1, 2, 7, 7], {
    kernel_shape: [3, 3],
    strides: [2, 2],
    auto_pad: "SAME_UPPER",
  }),
  pool("SAME_UPPER and pads", [1, 2, 6, 7], {
    kernel_shape: [3, 2],
    strides: [2, 2],
    auto_pad: "SAME_UPPER",
    pads: [1, 1, 0, 1],
  }),
  pool("VALID and pads", [1, 2, 6, 7], {
    kernel_shape: [3, 2],
    auto_pad: "VALID",
    pads: [1, 1, 1, 1],
  }),
  pool("SAME_LOWER, dilation 2, ceil", [1, 2, 7, 8], {
    kernel_shape: [3, 2],
    strides: [2, 2],
    dilations: [2, 2],
    auto_pad: "SAME_LOWER",
    ceil_mode: 1,
  }),
  pool("SAME_UPPER k1 s3", [1, 1, 7, 8], {
    kernel_shape: [1, 2],
    strides: [3, 3],
    auto_pad: "SAME_UPPER",
  }),
  pool("1-D", [1, 3, 9], { kernel_shape: [3], strides: [2] }),
];
