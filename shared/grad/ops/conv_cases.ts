import { type GradientCase, random } from "../gradient_case.ts";

function conv(
  name: string,
  x: readonly number[],
  w: readonly number[],
  attributes: GradientCase["attributes"] = {},
  stored = false,
): GradientCase {
  return {
    op: "Conv",
    name: stored ? `${name}, stored weights` : name,
    inputs: [random(x), random(w, { stored }), random([w[0]])],
    attributes,
  };
}

export const cases: GradientCase[] = [
  conv("k3 p1", [2, 3, 5, 6], [4, 3, 3, 3], { pads: [1, 1, 1, 1] }),
  conv("k3 p1", [2, 3, 5, 6], [4, 3, 3, 3], { pads: [1, 1, 1, 1] }, true),
  conv("k3, 4 to 6 channels", [1, 4, 5, 5], [6, 4, 3, 3], {}, true),
  conv("k3, 12 to 15 channels", [1, 12, 5, 5], [15, 12, 3, 3], {}, true),
  conv("k1", [1, 5, 4, 4], [7, 5, 1, 1], {}, true),
  conv("k3 s2, window does not divide", [1, 2, 8, 7], [3, 2, 3, 3], { strides: [2, 2] }),
  conv("k7 s2 p3", [1, 3, 12, 12], [4, 3, 7, 7], { strides: [2, 2], pads: [3, 3, 3, 3] }, true),
  conv("k3 s4", [1, 2, 8, 8], [3, 2, 3, 3], { strides: [4, 4], pads: [1, 1, 1, 1] }, true),
  conv("k1, pads at the end", [1, 3, 4, 4], [5, 3, 1, 1], { pads: [0, 0, 1, 2] }, true),
  conv("k1, pads at the end", [1, 9, 4, 4], [8, 9, 1, 1], { pads: [0, 0, 1, 0] }),
  conv("k2 as large as the input, pads at the end", [1, 3, 2, 2], [4, 3, 2, 2], {
    pads: [0, 0, 1, 1],
  }),
  conv("SAME_UPPER k2", [1, 3, 4, 4], [4, 3, 2, 2], { auto_pad: "SAME_UPPER" }),
  conv("1-D k1, pads at the end", [1, 3, 5], [4, 3, 1], { pads: [0, 2] }),
  conv("k1 s2", [1, 4, 7, 7], [3, 4, 1, 1], { strides: [2, 2] }, true),
  conv("k3x2 s2x3 uneven pads", [1, 2, 7, 9], [2, 2, 3, 2], {
    strides: [2, 3],
    pads: [0, 1, 2, 1],
  }),
  conv("k3 dilation 2 p2", [1, 2, 7, 7], [3, 2, 3, 3], { dilations: [2, 2], pads: [2, 2, 2, 2] }),
  conv("k3 s2 dilation 2", [1, 2, 9, 9], [3, 2, 3, 3], { dilations: [2, 2], strides: [2, 2] }),
  conv("pads larger than the kernel", [1, 2, 4, 4], [2, 2, 2, 2], { pads: [3, 2, 2, 3] }, true),
  conv("depthwise", [2, 4, 5, 5], [4, 1, 3, 3], { group: 4, pads: [1, 1, 1, 1] }, true),
  conv("depthwise s2, multiplier 2", [1, 3, 6, 6], [6, 1, 3, 3], {
    group: 3,
    strides: [2, 2],
    pads: [1, 1, 1, 1],
  }),
  conv("depthwise s2", [1, 4, 6, 7], [4, 1, 3, 3], { group: 4, strides: [2, 2] }, true),
  conv("groups 2 s2, window does not divide", [1, 4, 8, 6], [6, 2, 3, 3], {
    group: 2,
    strides: [2, 2],
    pads: [1, 1, 1, 1],
  }),
  conv("1-D k3 s2, window does not divide", [1, 2, 8], [3, 2, 3], { strides: [2] }, true),
  conv("3-D k3 s2", [1, 2, 5, 6, 5], [2, 2, 3, 3, 3], { strides: [2, 2, 2] }, true),
  conv("groups 2", [1, 4, 5, 5], [6, 2, 3, 3], { group: 2 }),
  conv("groups 2 of 6 inputs", [1, 12, 5, 5], [8, 6, 3, 3], { group: 2 }, true),
  conv("SAME_UPPER s2", [1, 2, 7, 7], [3, 2, 4, 4], { auto_pad: "SAME_UPPER", strides: [2, 2] }),
  conv("SAME_LOWER", [1, 2, 6, 6], [3, 2, 4, 4], { auto_pad: "SAME_LOWER" }),
  conv("1-D", [2, 3, 9], [4, 3, 3], { strides: [2], pads: [1, 1] }),
  conv("1-D grouped", [1, 4, 8], [4, 2, 3], { group: 2 }, true),
  {
    op: "Conv",
    name: "no bias",
    inputs: [random([1, 2, 5, 5]), random([3, 2, 3, 3])],
  },
];
