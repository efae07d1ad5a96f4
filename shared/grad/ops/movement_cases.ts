import { type CaseInput, type GradientCase, ints, random } from "../gradient_case.ts";

function row(
  op: string,
  name: string,
  inputs: readonly CaseInput[],
  attributes: GradientCase["attributes"] = {},
  extra: Partial<GradientCase> = {},
): GradientCase {
  return { op, name, inputs, attributes, ...extra };
}

const x = random([2, 3, 4]);
const scalar = { type: "int64", dims: [], data: BigInt64Array.of(1n) } as const;

export const cases: GradientCase[] = [
  row("Concat", "axis 1", [x, random([2, 1, 4]), random([2, 2, 4])], { axis: 1 }),
  row("Concat", "axis -1", [x, random([2, 3, 2])], { axis: -1 }),
  row("Concat", "one", [x], { axis: 0 }),
  row("CumSum", "axis 1", [x, scalar]),
  row("CumSum", "exclusive, reversed", [x, scalar], { exclusive: 1, reverse: 1 }),
  row("DepthToSpace", "DCR", [random([1, 8, 2, 3])], { blocksize: 2 }),
  row("DepthToSpace", "CRD", [random([2, 8, 2, 3])], { blocksize: 2, mode: "CRD" }, { since: 11 }),
  row("Expand", "new axis and extent 1", [random([3, 1]), ints(2, 3, 4)]),
  row("Flatten", "axis 2", [x], { axis: 2 }),
  row("Flatten", "axis 0", [x], { axis: 0 }),
  row("Reshape", "with -1 and 0", [x, ints(0, -1)]),
  row("ReverseSequence", "time first", [random([4, 2, 3]), ints(3, 2)]),
  row("ReverseSequence", "batch first", [random([2, 4, 3]), ints(4, 1)], {
    batch_axis: 0,
    time_axis: 1,
  }),
  row("Slice", "front and back", [x, ints(1, -3), ints(3, -1), ints(1, 2)], {}, { since: 10 }),
  row("Slice", "step 2", [random([2, 9]), ints(1), ints(8), ints(1), ints(2)], {}, { since: 10 }),
  row(
    "Slice",
    "step 3 from the end backwards",
    [
      random([10, 2]),
      ints(-1),
      ints(-100),
      ints(0),
      ints(-3),
    ],
    {},
    { since: 10 },
  ),
  row("Slice", "attributes", [x], { starts: [1], ends: [3], axes: [2] }, { until: 9 }),
  row("SpaceToDepth", "block 2", [random([1, 2, 4, 6])], { blocksize: 2 }),
  row("Split", "sizes", [random([2, 6]), ints(1, 2, 3)], { axis: 1 }, { outputs: 3, since: 13 }),
  row("Split", "one output unused", [random([2, 6]), ints(1, 2, 3)], { axis: 1 }, {
    outputs: 3,
    used: [0, 2],
    since: 13,
  }),
  row("Split", "number of outputs", [random([7, 2])], { axis: 0, num_outputs: 3 }, {
    outputs: 3,
    since: 18,
  }),
  row("Split", "attribute", [random([2, 6])], { axis: 1, split: [2, 4] }, {
    outputs: 2,
    until: 12,
  }),
  row("Split", "equal parts", [random([2, 6])], { axis: -1 }, { outputs: 2, until: 17 }),
  row("Squeeze", "axes", [random([2, 1, 3, 1]), ints(1, -1)], {}, { since: 13 }),
  row("Squeeze", "all", [random([1, 3, 1])]),
  row("Squeeze", "attribute", [random([2, 1, 3])], { axes: [1] }, { until: 12 }),
  row("Tile", "each axis", [random([2, 3]), ints(2, 3)]),
  row("Transpose", "perm", [x], { perm: [1, 2, 0] }),
  row("Transpose", "default", [x]),
  row("Trilu", "upper", [random([2, 4, 4])]),
  row("Trilu", "lower, above the diagonal", [random([4, 5]), scalar], { upper: 0 }),
  row("Unsqueeze", "axes", [random([2, 3]), ints(0, -1)], {}, { since: 13 }),
  row("Unsqueeze", "attribute", [random([2, 3])], { axes: [1] }, { until: 12 }),
];
