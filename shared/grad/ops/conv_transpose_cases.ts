import { type GradientCase, random } from "../gradient_case.ts";

const transposed = (
  name: string,
  x: readonly number[],
  w: readonly number[],
  attributes: GradientCase["attributes"] = {},
): GradientCase => {
  const group = Number(attributes?.group ?? 1);
  return {
    op: "ConvTranspose",
    name,
    inputs: [random(x), random(w), random([w[1] * group])],
    attributes,
  };
};

export const cases: GradientCase[] = [
  transposed("k3", [1, 2, 4, 4], [2, 3, 3, 3]),
  transposed("k2 s2", [2, 3, 4, 3], [3, 2, 2, 2], { strides: [2, 2] }),
  transposed("k3 s2 p1, output padding 1", [1, 2, 4, 4], [2, 3, 3, 3], {
    strides: [2, 2],
    pads: [1, 1, 1, 1],
    output_padding: [1, 1],
  }),
  transposed("k4 s2 p1", [1, 2, 5, 4], [2, 2, 4, 4], { strides: [2, 2], pads: [1, 1, 1, 1] }),
  transposed("dilation 2", [1, 2, 4, 4], [2, 2, 3, 3], { dilations: [2, 2] }),
  transposed("groups 2", [1, 4, 4, 4], [4, 3, 3, 3], { group: 2 }),
  transposed("depthwise s2", [1, 3, 4, 4], [3, 1, 3, 3], { group: 3, strides: [2, 2] }),
  transposed("uneven pads", [1, 2, 5, 5], [2, 2, 3, 3], { pads: [0, 1, 1, 0] }),
  transposed("output shape", [1, 2, 4, 4], [2, 2, 3, 3], { strides: [2, 2], output_shape: [8, 8] }),
  transposed("output shape beyond the windows", [1, 2, 4, 4], [2, 2, 3, 3], {
    strides: [2, 2],
    output_shape: [8, 10],
  }),
  transposed("SAME_UPPER", [1, 2, 4, 5], [2, 2, 3, 4], { strides: [2, 1], auto_pad: "SAME_UPPER" }),
  transposed("SAME_LOWER", [1, 2, 4, 5], [2, 2, 3, 4], { strides: [2, 1], auto_pad: "SAME_LOWER" }),
  transposed("SAME_UPPER, stride above the kernel", [1, 2, 4, 3], [2, 2, 2, 1], {
    strides: [3, 4],
    auto_pad: "SAME_UPPER",
  }),
  transposed("SAME_LOWER, stride above the kernel, output padding 1", [1, 2, 4, 3], [2, 2, 2, 1], {
    strides: [4, 3],
    output_padding: [1, 1],
    auto_pad: "SAME_LOWER",
  }),
  transposed("VALID, stride above the kernel", [1, 2, 4, 3], [2, 2, 2, 1], {
    strides: [3, 4],
    auto_pad: "VALID",
  }),
  transposed("1-D", [1, 2, 5], [2, 3, 3], { strides: [2] }),
  { op: "ConvTranspose", name: "no bias", inputs: [random([1, 2, 4, 4]), random([2, 2, 2, 2])] },
];
