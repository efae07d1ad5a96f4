import { type GradientCase, random } from "../gradient_case.ts";

const both = (name: string, dims: readonly number[], extra: Partial<GradientCase> = {}) =>
  ["Softmax", "LogSoftmax"].map((op): GradientCase => ({
    op,
    name,
    inputs: [random(dims)],
    ...extra,
  }));

export const cases: GradientCase[] = [
  ...both("last axis", [2, 5]),
  ...both("axis 1 of 4", [2, 3, 2, 2], { attributes: { axis: 1 } }),
  ...both("axis -2", [2, 3, 4], { attributes: { axis: -2 } }),
  ...both("opset 11, flattened", [2, 3, 2, 2], { opset: 11, attributes: { axis: 1 } }),
  ...both("opset 7, default axis", [3, 4], { opset: 7 }),
];
