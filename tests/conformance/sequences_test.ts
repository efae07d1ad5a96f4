import { expect, test } from "vitest";
import { encodeModel, type Model, ModelBuilder, takeKnownBranches } from "../../shared/onnx/mod.ts";
import { manifestFor } from "../../shared/models/mod.ts";
import { differentiate, energy } from "../../shared/grad/mod.ts";
import { openNetwork } from "../../shared/network/open_network.ts";
import { openSession } from "../../shared/runtime/mod.ts";
import { randomTensor } from "../networks.ts";

const SHAPE = [1, 6, 4, 4];

const int64 = (b: ModelBuilder, ...values: number[]) =>
  b.constant({ type: "int64", dims: [values.length], data: BigInt64Array.from(values, BigInt) });
const scalar = (b: ModelBuilder, value: number) =>
  b.constant({ type: "int64", dims: [], data: BigInt64Array.of(BigInt(value)) });

type Fill = (b: ModelBuilder, x: string) => string;

/** Forms in which exporters write split, chunk, unbind, stack and lists that grow. */
const CASES: Readonly<Record<string, Fill>> = {
  "chunk, as DINOv3 has it": (b, x) => {
    const parts = b.op("SplitToSequence", [x, scalar(b, 4)], { axis: 1 });
    const [first, rest] = [0, 1].map((i) => b.op("SequenceAt", [parts, scalar(b, i)]));
    return b.op("Concat", [b.op("Neg", [rest]), first], { axis: 1 });
  },
  "split by a list, read from the end": (b, x) => {
    const parts = b.op("SplitToSequence", [x, int64(b, 1, 2, 3)], { axis: -3 });
    return b.op("SequenceAt", [parts, scalar(b, -1)]);
  },
  "unbind": (b, x) => {
    const rows = b.op("SplitToSequence", [x], { axis: 2, keepdims: 0 });
    const [first, last] = [0, 3].map((i) => b.op("SequenceAt", [rows, scalar(b, i)]));
    return b.op("Mul", [first, last]);
  },
  "stack and cat": (b, x) => {
    const list = b.op("SequenceConstruct", [x, b.op("Sin", [x])]);
    const stacked = b.op("ConcatFromSequence", [list], { axis: 1, new_axis: 1 });
    const joined = b.op("ConcatFromSequence", [list], { axis: 1 });
    return b.op("Add", [
      b.op("ReduceMax", [stacked, int64(b, 1)], { keepdims: 0 }),
      b.op("Slice", [
        joined,
        int64(b, 3),
        int64(b, 9),
        int64(b, 1),
      ]),
    ]);
  },
  "a list that grows and shrinks": (b, x) => {
    const empty = b.op("SequenceEmpty", [], { dtype: 1 });
    const one = b.op("SequenceInsert", [empty, x]);
    const two = b.op("SequenceInsert", [one, b.op("Exp", [x]), scalar(b, 0)]);
    const three = b.op("SequenceInsert", [two, b.op("Neg", [x])]);
    const left = b.op("SequenceErase", [three, scalar(b, 1)]);
    const length = b.op("Cast", [b.op("SequenceLength", [left])], { to: 1 });
    return b.op("Mul", [b.op("ConcatFromSequence", [left], { axis: 3 }), length]);
  },
};

function modelOf(fill: Fill): Model {
  const b = new ModelBuilder();
  b.output(b.op("Identity", [fill(b, b.input("x", SHAPE))], {}, "y"));
  return b.build();
}

test.each(Object.entries(CASES))("%s gives the same without sequences", async (_, fill) => {
  const model = modelOf(fill);
  const { model: taken, facts } = takeKnownBranches(model);
  expect(taken.graph.node.filter(({ opType = "" }) => /Sequence/.test(opType))).toEqual([]);
  const x = randomTensor(SHAPE, 1);
  await using before = await openSession(encodeModel(model), { backend: "wasm" });
  await using after = await openSession(encodeModel(taken), { backend: "wasm" });
  const { y } = await after.run({ x });
  expect(y).toEqual((await before.run({ x })).y);
  expect(facts.get("y")?.dims).toEqual([...y.dims]);
  expect(Object.keys(differentiate(model, { objective: energy("y"), wrt: ["x"] }).gradients))
    .toEqual(["x"]);
});

test("a sequence that stays can be rewritten once more", () => {
  const model = modelOf((b, x) => {
    const parts = b.op("SplitToSequence", [x, scalar(b, 3)], { axis: 1 });
    const at = b.op("ArgMax", [b.op("Reshape", [x, int64(b, -1)])], { keepdims: 0 });
    const other = b.op("SequenceAt", [parts, b.op("Mod", [at, scalar(b, 2)])]);
    return b.op("Mul", [b.op("SequenceAt", [parts, scalar(b, 0)]), other]);
  });
  const { model: once } = takeKnownBranches(model);
  const { model: twice } = takeKnownBranches(once);
  expect(twice.graph.node).toHaveLength(once.graph.node.length);
});

test("a position that only a run can tell keeps the sequence", async () => {
  const model = modelOf((b, x) => {
    const parts = b.op("SplitToSequence", [x, scalar(b, 3)], { axis: 1 });
    const at = b.op("ArgMax", [b.op("Reshape", [x, int64(b, -1)])], { keepdims: 0 });
    return b.op("SequenceAt", [parts, b.op("Mod", [at, scalar(b, 2)])]);
  });
  const { model: taken } = takeKnownBranches(model);
  const x = randomTensor(SHAPE, 1);
  await using before = await openSession(encodeModel(model), { backend: "wasm" });
  await using after = await openSession(encodeModel(taken), { backend: "wasm" });
  expect((await after.run({ x })).y).toEqual((await before.run({ x })).y);
  expect(() => differentiate(model, { objective: energy("y"), wrt: ["x"] })).toThrow("SequenceAt");
});

test("a network of an open height whose halves are a sequence has maps", async () => {
  const b = new ModelBuilder({ opset: 13 });
  const x = b.input("x", ["N", 3, "h", "w"]);
  const conv = b.op("Conv", [x, b.constant(randomTensor([6, 3, 3, 3], 2))], {}, "conv");
  const parts = b.op("SplitToSequence", [conv, scalar(b, 3)], { axis: 1 }, "halves");
  const [left, right] = [0, 1].map((i) =>
    b.op("SequenceAt", [parts, scalar(b, i)], {}, `half_${i}`)
  );
  const gated = b.op("Mul", [left, b.op("Sigmoid", [right])], {}, "gated");
  const flat = b.op("Flatten", [b.op("GlobalAveragePool", [gated])]);
  b.output(b.op("Gemm", [flat, b.constant(randomTensor([3, 4], 3))], {}, "logits"));
  const manifest = manifestFor({ path: "halves.onnx", height: 8, width: 8 });
  await using network = await openNetwork(
    { manifest, bytes: encodeModel(b.build()) },
    { backend: "wasm" },
  );
  expect(network.layers.map(({ tensor }) => tensor)).toEqual(
    expect.arrayContaining(["conv", "gated"]),
  );
  expect(network.facts.get("half_1")?.dims).toEqual([1, 3, 6, 6]);
});
