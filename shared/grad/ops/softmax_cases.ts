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
  ...both("axis 1 of 4", [2, 3, 2, 2], { since: 13, attributes: { axis: 1 } }),
  ...both("axis -2", [2, 3, 4], { since: 13, attributes: { axis: -2 } }),
  ...both("flattened", [2, 3, 2, 2], { until: 12, attributes: { axis: 1 } }),
];
