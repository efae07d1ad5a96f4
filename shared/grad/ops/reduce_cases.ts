import { type GradientCase, ints, random, type RandomInput } from "../gradient_case.ts";

const OPERATORS: readonly (readonly [string, Omit<RandomInput, "dims">])[] = [
  ["ReduceL1", { away: [0] }],
  ["ReduceL2", {}],
  ["ReduceLogSum", { low: 0.3, high: 2 }],
  ["ReduceLogSumExp", {}],
  ["ReduceMax", { spaced: true }],
  ["ReduceMean", {}],
  ["ReduceMin", { spaced: true }],
  ["ReduceProd", {}],
  ["ReduceSum", {}],
  ["ReduceSumSquare", {}],
];

export const cases: GradientCase[] = OPERATORS.flatMap(([op, options]): GradientCase[] => {
  const x = (dims: readonly number[]) => random(dims, options);
  const since = op === "ReduceSum" ? 13 : 18;
  return [
    { op, name: "one axis", since, inputs: [x([2, 3, 4]), ints(1)] },
    {
      op,
      name: "axes -1 and 0, not kept",
      since,
      inputs: [x([2, 3, 2]), ints(-1, 0)],
      attributes: { keepdims: 0 },
    },
    { op, name: "all", inputs: [x([2, 3])], attributes: { keepdims: 0 } },
    { op, name: "axis of extent 1", since, inputs: [x([2, 1, 3]), ints(1)] },
    {
      op,
      name: "axes as attribute",
      until: since - 1,
      inputs: [x([2, 3])],
      attributes: { axes: [1] },
    },
  ];
});
