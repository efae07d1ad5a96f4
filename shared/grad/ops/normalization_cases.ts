import { float } from "../../onnx/mod.ts";
import { type GradientCase, random } from "../gradient_case.ts";

const channels = (count: number) => random([count]);
const variance = (count: number) => random([count], { low: 0.5, high: 2 });

function batchNorm(
  name: string,
  x: readonly number[],
  extra: Partial<GradientCase> = {},
): GradientCase {
  const c = x[1];
  return {
    op: "BatchNormalization",
    name,
    inputs: [random(x), channels(c), channels(c), channels(c), variance(c)],
    ...extra,
  };
}

export const cases: GradientCase[] = [
  batchNorm("4-D", [2, 3, 3, 3]),
  batchNorm("2-D", [4, 3]),
  batchNorm("spatial", [2, 3, 2, 2], {
    until: 8,
    attributes: { spatial: 1, epsilon: float(1e-3) },
  }),
  {
    op: "InstanceNormalization",
    name: "4-D",
    inputs: [random([2, 3, 4, 4]), channels(3), channels(3)],
  },
  {
    op: "InstanceNormalization",
    name: "1-D, large epsilon",
    inputs: [random([2, 3, 6]), channels(3), channels(3)],
    attributes: { epsilon: float(0.1) },
  },
  {
    op: "LayerNormalization",
    name: "last axis",
    inputs: [random([2, 3, 8]), random([8]), random([8])],
  },
  {
    op: "LayerNormalization",
    name: "axis 1, no bias",
    inputs: [random([2, 3, 4]), random([3, 4])],
    attributes: { axis: 1 },
  },
  {
    op: "GroupNormalization",
    name: "scale per channel",
    since: 21,
    inputs: [random([2, 6, 3, 3]), channels(6), channels(6)],
    attributes: { num_groups: 3 },
  },
  {
    op: "GroupNormalization",
    name: "scale per group",
    until: 20,
    inputs: [random([2, 6, 3, 3]), channels(3), channels(3)],
    attributes: { num_groups: 3 },
  },
  { op: "MeanVarianceNormalization", name: "default axes", inputs: [random([2, 3, 3, 3])] },
  {
    op: "MeanVarianceNormalization",
    name: "axes 2 3",
    inputs: [random([2, 2, 4, 4])],
    attributes: { axes: [2, 3] },
  },
  {
    op: "RMSNormalization",
    name: "last axis",
    inputs: [random([2, 3, 8]), random([8])],
  },
  {
    op: "RMSNormalization",
    name: "axis 1, large epsilon",
    inputs: [random([2, 3, 4]), random([3, 4])],
    attributes: { axis: 1, epsilon: float(0.1) },
  },
  { op: "LpNormalization", name: "p2", inputs: [random([3, 5])] },
  {
    op: "LpNormalization",
    name: "p1 axis 0",
    inputs: [random([3, 5], { away: [0] })],
    attributes: { p: 1, axis: 0 },
  },
];
