import { floats, type GradientCase, ints, random } from "../gradient_case.ts";

const modes = ["reflect", "edge"];

const sinceOf = (mode: string) => mode === "wrap" ? 19 : 11;

export const cases: GradientCase[] = [
  {
    op: "Pad",
    name: "zeros",
    since: 11,
    inputs: [random([1, 2, 3, 4]), ints(0, 0, 1, 2, 0, 1, 0, 1)],
  },
  {
    op: "Pad",
    name: "value differentiated",
    since: 11,
    inputs: [random([2, 3]), ints(1, 0, 0, 2), random([])],
  },
  {
    op: "Pad",
    name: "negative pads crop",
    since: 11,
    inputs: [random([4, 5]), ints(-1, 1, 0, -2), floats(0)],
  },
  { op: "Pad", name: "axes", since: 18, inputs: [random([2, 3, 4]), ints(1, 2), null, ints(-1)] },
  ...modes.map((mode): GradientCase => ({
    op: "Pad",
    name: mode,
    since: sinceOf(mode),
    inputs: [random([1, 2, 4, 5]), ints(0, 0, 2, 1, 0, 0, 1, 3)],
    attributes: { mode },
  })),
  {
    op: "Pad",
    name: "wrap",
    since: sinceOf("wrap"),
    inputs: [random([2, 4]), ints(0, 1, 0, 2)],
    attributes: { mode: "wrap" },
  },
  ...[...modes, "wrap"].flatMap((mode) =>
    [[-1, 2], [2, -1]].map(([begin, end]): GradientCase => ({
      op: "Pad",
      name: `${mode} by ${begin} and ${end}`,
      since: sinceOf(mode),
      inputs: [random([2, 5]), ints(0, begin, 0, end)],
      attributes: { mode },
    }))
  ),
  {
    op: "Pad",
    name: "wrap, more than once around",
    since: sinceOf("wrap"),
    inputs: [random([2, 4]), ints(0, -1, 0, 9)],
    attributes: { mode: "wrap" },
  },
  {
    op: "Pad",
    name: "attributes",
    until: 10,
    inputs: [random([2, 3])],
    attributes: { mode: "reflect", pads: [0, 1, 0, 2] },
  },
];
