import { type GradientCase, random } from "../gradient_case.ts";

const pool = (
  name: string,
  x: readonly number[],
  attributes: GradientCase["attributes"],
  since?: number,
): GradientCase => ({ op: "AveragePool", name, inputs: [random(x)], attributes, since });

export const cases: GradientCase[] = [
  pool("k2 s2", [2, 3, 6, 6], { kernel_shape: [2, 2], strides: [2, 2] }),
  pool("k3 s1 p1", [1, 2, 5, 4], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }),
  pool("k3 s1 p1, pads counted", [1, 2, 5, 4], {
    kernel_shape: [3, 3],
    pads: [1, 1, 1, 1],
    count_include_pad: 1,
  }),
  pool("k3 s2, window does not divide", [1, 2, 8, 8], { kernel_shape: [3, 3], strides: [2, 2] }),
  pool("k3 s2 ceil", [1, 2, 8, 8], { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }, 19),
  pool("k2 s3 ceil, a window would begin in the padding", [1, 2, 5, 5], {
    kernel_shape: [2, 2],
    strides: [3, 3],
    pads: [0, 0, 1, 1],
    ceil_mode: 1,
    count_include_pad: 1,
  }, 19),
  pool("k3 s2 p1 ceil, pads counted", [1, 2, 6, 6], {
    kernel_shape: [3, 3],
    strides: [2, 2],
    pads: [1, 1, 1, 1],
    ceil_mode: 1,
    count_include_pad: 1,
  }, 19),
  pool("k2 s3, gaps", [1, 1, 8, 8], { kernel_shape: [2, 2], strides: [3, 3] }),
  pool("k3x2 uneven pads", [1, 2, 6, 6], { kernel_shape: [3, 2], pads: [1, 0, 0, 1] }),
  pool("dilation 2", [1, 2, 8, 8], { kernel_shape: [3, 3], dilations: [2, 2] }, 19),
  pool("SAME_UPPER s2", [1, 2, 7, 7], {
    kernel_shape: [3, 3],
    strides: [2, 2],
    auto_pad: "SAME_UPPER",
  }),
  pool("SAME_LOWER and pads", [1, 2, 6, 7], {
    kernel_shape: [3, 2],
    strides: [2, 2],
    auto_pad: "SAME_LOWER",
    pads: [1, 1, 0, 1],
  }),
  pool("SAME_UPPER, dilation 2", [1, 2, 7, 8], {
    kernel_shape: [3, 2],
    strides: [2, 1],
    dilations: [2, 2],
    auto_pad: "SAME_UPPER",
  }, 19),
  pool("1-D", [1, 3, 9], { kernel_shape: [3], strides: [2] }),
  { op: "GlobalAveragePool", name: "2-D", inputs: [random([2, 3, 4, 5])] },
  { op: "GlobalAveragePool", name: "1-D", inputs: [random([2, 3, 5])] },
];
