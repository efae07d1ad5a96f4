import { DataType } from "../../onnx/mod.ts";
import { floats, type GradientCase, random, type RandomInput } from "../gradient_case.ts";

const positive = { low: 0.3, high: 2 };
const inner = { low: -0.8, high: 0.8 };

function unary(op: string, options: Omit<RandomInput, "dims"> = {}): GradientCase {
  return { op, name: "unary", inputs: [random([2, 3, 4], options)] };
}

/** An operator of two operands with every way of broadcasting. */
function binary(op: string, second: Omit<RandomInput, "dims"> = {}): GradientCase[] {
  const shapes: readonly (readonly [string, readonly number[], readonly number[]])[] = [
    ["same shape", [2, 3, 4], [2, 3, 4]],
    ["right broadcast", [2, 3, 4], [3, 1]],
    ["left broadcast", [4], [2, 3, 4]],
    ["both broadcast", [2, 1, 4], [3, 1]],
    ["scalar", [2, 3], []],
    ["axes of 1", [1, 3, 1], [2, 1, 1]],
  ];
  return shapes.map(([name, a, b]) => ({ op, name, inputs: [random(a), random(b, second)] }));
}

const spaced = (dims: readonly number[]) => random(dims, { spaced: true });

export const cases: GradientCase[] = [
  unary("Abs", { away: [0] }),
  unary("Acos", inner),
  unary("Acosh", { low: 1.5, high: 3 }),
  unary("Asin", inner),
  unary("Asinh"),
  unary("Atan"),
  unary("Atanh", inner),
  unary("Cos"),
  unary("Cosh"),
  unary("Dropout"),
  unary("Exp"),
  unary("Identity"),
  unary("Log", positive),
  unary("Neg"),
  unary("Reciprocal", positive),
  unary("Sin"),
  unary("Sinh"),
  unary("Sqrt", positive),
  unary("Tan", { low: -1, high: 1 }),
  ...binary("Add"),
  ...binary("Sub"),
  ...binary("Mul"),
  ...binary("Div", { low: 0.5, high: 2 }),
  { op: "Pow", name: "square", inputs: [random([2, 3]), floats(2)] },
  {
    op: "Pow",
    name: "cube of negatives",
    inputs: [random([2, 3], { low: -2, high: -0.5 }), floats(3)],
  },
  { op: "Pow", name: "exponent 0", inputs: [random([2, 3]), floats(0)] },
  {
    op: "Pow",
    name: "both differentiated",
    inputs: [random([2, 3], positive), random([3], positive)],
  },
  {
    op: "Sum",
    name: "three, broadcast",
    since: 8,
    inputs: [random([2, 3]), random([3]), random([2, 1])],
  },
  { op: "Sum", name: "one", inputs: [random([2, 3])] },
  {
    op: "Mean",
    name: "three, broadcast",
    since: 8,
    inputs: [random([2, 3]), random([1]), random([2, 1])],
  },
  {
    op: "Max",
    name: "two",
    inputs: [random([2, 3, 4], { low: -2, high: -0.3 }), random([2, 3, 4], positive)],
  },
  {
    op: "Max",
    name: "constant floor",
    since: 8,
    inputs: [random([3, 5], { away: [0.5] }), floats(0.5)],
  },
  { op: "Max", name: "one", inputs: [spaced([2, 3])] },
  {
    op: "Min",
    name: "constant ceiling",
    since: 8,
    inputs: [random([3, 5], { away: [0.5] }), floats(0.5)],
  },
  {
    op: "Min",
    name: "broadcast",
    since: 8,
    inputs: [random([2, 3], { low: -2, high: -0.3 }), random([3], positive)],
  },
  {
    op: "Where",
    name: "broadcast",
    inputs: [
      { type: "bool", dims: [2, 3], data: Uint8Array.of(1, 0, 1, 0, 0, 1) },
      random([2, 3]),
      random([3]),
    ],
  },
  {
    op: "Cast",
    name: "float to float",
    inputs: [random([2, 3])],
    attributes: { to: DataType.float32 },
  },
  { op: "CastLike", name: "float to float", inputs: [random([2, 3]), floats(1)] },
  {
    op: "Dropout",
    name: "mask unused",
    outputs: 2,
    used: [0],
    inputs: [random([2, 3])],
  },
];
