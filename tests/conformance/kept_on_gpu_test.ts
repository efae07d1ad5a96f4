import { expect, test } from "vitest";
import { declaredType, encodeModel, keptOnGpu, ModelBuilder } from "../../shared/onnx/mod.ts";
import { openSession } from "../../shared/runtime/mod.ts";
import { float32, type Tensor } from "../../shared/tensor/tensor.ts";

/** Of every kind: both zeros, what is beyond 1, the smallest normal number. */
const VALUES = [-2.5, -1.1754943508222875e-38, -0, 0, 1.1754943508222875e-38, 0.25, 3e38];

const column = (values: readonly number[]) => float32(Float32Array.from(values), [values.length]);

/** Of the two zeros, which are equal, only the one. */
const numbers = ({ data }: Tensor) => Array.from(data as Float32Array, (value) => value + 0);

type Fill = (b: ModelBuilder, x: string) => string;

/** Results of a model before and after, on WASM, with the operators that it has after. */
async function compared(fill: Fill, fed: Tensor) {
  const b = new ModelBuilder();
  b.output(b.op("Identity", [fill(b, b.input("x", ["n"], fed.type))], {}, "y"), fed.type);
  const model = b.build();
  const kept = keptOnGpu(model);
  const results = [];
  for (const each of [model, kept]) {
    await using session = await openSession(encodeModel(each), { backend: "wasm" });
    results.push((await session.run({ x: fed })).y);
  }
  expect(declaredType(kept.graph.input[0])).toBe(fed.type);
  return { before: results[0], after: results[1], operators: kept.graph.node.map((n) => n.opType) };
}

const scalar = (b: ModelBuilder, value: number) => b.constant(float32(Float32Array.of(value), []));
const keptWhereEqual: Fill = (b, x) =>
  b.op("Where", [b.op("Equal", [x, b.op("Relu", [x])]), x, scalar(b, 0)], {}, "grad/kept");

const sums = (count: number): Fill => (b, x) =>
  b.op("Sum", Array.from({ length: count }, (_, i) => i % 2 === 0 ? x : b.op("Abs", [x])));

test.each<[string, Fill]>([
  ["a sign", (b, x) => b.op("Sign", [x])],
  ["the sign of a rectifier", (b, x) => b.op("Sign", [b.op("Relu", [x])])],
  ["a sum of one", sums(1)],
  ["a sum of two", sums(2)],
  ["a sum of five", sums(5)],
  ["what is kept where values are equal", keptWhereEqual],
])("%s stays what it is", async (_, fill) => {
  const { before, after, operators } = await compared(fill, column(VALUES));
  expect(numbers(after)).toEqual(numbers(before));
  expect(["Sign", "Sum", "Where"].filter((each) => operators.includes(each))).toEqual([]);
});

test.each<[string, Fill]>([
  [
    "another value in the place of what is left out",
    (b, x) => b.op("Where", [b.op("Equal", [x, scalar(b, 0.25)]), x, scalar(b, 1)]),
  ],
  [
    "another comparison, which may keep what is endless out",
    (b, x) => b.op("Where", [b.op("Greater", [x, scalar(b, 0)]), b.op("Log", [x]), scalar(b, 0)]),
  ],
])("%s is left alone", async (_, fill) => {
  const { before, after, operators } = await compared(fill, column(VALUES));
  expect(operators).toContain("Where");
  expect(numbers(after)).toEqual(numbers(before));
});

test("a sign of integers stays what it is", async () => {
  const fed: Tensor = { type: "int32", dims: [4], data: Int32Array.of(-7, 0, 1, 2 ** 30) };
  const { before, after } = await compared((b, x) => b.op("Sign", [x]), fed);
  expect(Array.from(after.data as Int32Array)).toEqual([-1, 0, 1, 1]);
  expect(numbers(after)).toEqual(numbers(before));
});

test("a model without such operators is left alone", () => {
  const b = new ModelBuilder();
  b.output(b.op("Relu", [b.input("x", ["n"])], {}, "y"));
  const model = b.build();
  expect(keptOnGpu(model)).toBe(model);
});
