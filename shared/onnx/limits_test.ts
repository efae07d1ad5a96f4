import { expect, test } from "vitest";
import { float32, type Tensor } from "../tensor/tensor.ts";
import { takeKnownBranches } from "./rewrite/take_known_branches.ts";
import type { AttributeValues } from "./attributes.ts";
import { decodeModel, encodeModel, type Model } from "./model_file.ts";
import { withGraph } from "./edit.ts";
import { inlineFunctions } from "./inline_functions.ts";
import { int64List } from "./tensor_proto.ts";
import { ModelBuilder } from "./model_builder.ts";
import { AttributeType, type GraphProto, type NodeProto } from "./proto/types.ts";
import { inferShapes } from "./shape/infer_shapes.ts";
import { UnusableNetworkError } from "./errors.ts";

const weights = (dims: readonly number[]) =>
  float32(new Float32Array(dims.reduce((a, b) => a * b, 1)), dims);

/** A model of one node, whose first input is x. */
function one(
  opType: string,
  dims: readonly number[],
  values: AttributeValues,
  ...stored: readonly Tensor[]
): Model {
  const b = new ModelBuilder();
  const x = b.input("x", dims);
  const inputs = stored.map((tensor) => b.constant(tensor));
  b.output(b.op(opType, [x, ...inputs], values, "y"));
  return b.build();
}

test.each<[string, Model, string]>([
  ["stride of 0", one("Conv", [1, 3, 8, 8], { strides: [0, 1] }, weights([4, 3, 3, 3])), "strides"],
  ["stride", one("MaxPool", [1, 3, 8, 8], { kernel_shape: [1, 1], strides: [1, 1e8] }), "strides"],
  ["kernel", one("MaxPool", [1, 3, 8, 8], { kernel_shape: [1e5, 1] }), "its kernel"],
  ["kernel of 0", one("AveragePool", [1, 3, 8, 8], { kernel_shape: [2, 0] }), "its kernel"],
  ["kernel of one axis", one("LpPool", [1, 3, 8, 8], { kernel_shape: [2] }), "its kernel"],
  ["no kernel", one("MaxPool", [1, 3, 8, 8], {}), "its kernel has 0 numbers, expected 2"],
  [
    "dilation",
    one("Conv", [1, 3, 8, 8], { dilations: [1e6, 1] }, weights([4, 3, 1, 1])),
    "dilations",
  ],
  [
    "pads",
    one("Conv", [1, 3, 8, 8], { pads: [0, 0, 2 ** 40, 0] }, weights([4, 3, 3, 3])),
    "pads",
  ],
  [
    "negative pads",
    one("MaxPool", [1, 3, 8, 8], { kernel_shape: [1, 1], pads: [-1, 0, 0, 0] }),
    "pads",
  ],
  [
    "groups",
    one("Conv", [1, 3, 8, 8], { group: 2147483647 }, weights([3, 3, 1, 1])),
    "group is 2147483647",
  ],
  ["groups of 0", one("Conv", [1, 3, 8, 8], { group: 0 }, weights([3, 3, 1, 1])), "group is 0"],
  [
    "groups of a ConvTranspose",
    one("ConvTranspose", [1, 3, 8, 8], { group: 2 }, weights([3, 3, 1, 1])),
    "group is 2",
  ],
  ["kernels of other axes", one("Conv", [1, 3, 8, 8], {}, weights([3, 3, 1])), "expected 4 axes"],
  ["channels of an LRN", one("LRN", [1, 3, 8, 8], { size: 1e9 }), "its size is 1000000000"],
  ["outputs", one("Split", [1, 3, 8, 8], { num_outputs: 2e8 }), "num_outputs is 200000000"],
  [
    "elements",
    one("Expand", [1, 3, 1, 1], {}, int64List([1, 3, 1e9, 1e9])),
    "expected whole numbers and 268435456 elements at most",
  ],
  ["blocks", one("DepthToSpace", [1, 3, 8, 8], { blocksize: 0 }), "expected whole numbers"],
  [
    "axes",
    one("Unsqueeze", [1, 3, 8, 8], {}, int64List(Array.from({ length: 4000 }, (_, i) => i))),
    "it makes 4004 axes, expected 64 at most",
  ],
  [
    "axes named",
    one("ReduceMax", [1, 3, 8, 8], {}, int64List(new Array(4000).fill(0))),
    "4000 axes are named",
  ],
])("inferShapes() refuses absurd %s", (_, model, message) => {
  const infer = () => inferShapes(model);
  expect(infer).toThrow(UnusableNetworkError);
  expect(infer).toThrow(message);
});

test("operators are not looked up among the properties of every object", () => {
  for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
    expect(inferShapes(one(name, [1, 3, 8, 8], {})).has("y"), name).toBe(false);
  }
});

test("joining values without elements takes no time, whatever the extents before the axis", () => {
  const b = new ModelBuilder();
  const none = b.op("ConstantOfShape", [b.constant(int64List([1e9, 0]))]);
  b.output(b.op("Concat", [none, none], { axis: 1 }, "y"));
  expect(inferShapes(b.build()).get("y")).toEqual({ type: "float32", dims: [1e9, 0], value: [] });
});

test("a node of as many inputs as are allowed is inferred and folded", () => {
  const b = new ModelBuilder();
  const [one, three] = [b.constant(int64List([1])), b.constant(int64List([3]))];
  const names = Array.from({ length: 10_000 }, (_, i) => i % 3 === 0 ? three : one);
  b.output(b.op("Max", names, {}, "most"));
  b.output(b.op("Concat", names.slice(0, 4000), { axis: 0 }, "all"));
  const facts = inferShapes(decodeModel(encodeModel(b.build())));
  expect(facts.get("most")).toEqual({ type: "int64", dims: [1], value: [3] });
  expect(facts.get("all")?.value?.slice(0, 4)).toEqual([3, 1, 1, 3]);
});

test("folding ends where its budget does, and shapes are still known", () => {
  const b = new ModelBuilder();
  let value = b.constant(int64List(Array.from({ length: 4096 }, (_, i) => i)));
  for (let i = 0; i < 5000; i++) value = b.op("Add", [value, value], {}, `sum${i}`);
  b.output(value);
  const facts = inferShapes(b.build());
  expect(facts.get("sum0")?.value?.[3]).toBe(6);
  expect(facts.get("sum4999")).toEqual({ type: "int64", dims: [4096] });
});

/** An If that hands on what `inner` makes of the value `from`. */
function choice(from: string, to: string): NodeProto {
  const b = new ModelBuilder();
  b.op("Relu", [from], {}, "inner");
  b.output("inner");
  const { graph } = b.build();
  const branch = (name: string, g: GraphProto) => ({
    ...{ name, type: AttributeType.graph, g, floats: [], ints: [], strings: [] },
    ...{ tensors: [], graphs: [] },
  });
  return {
    opType: "If",
    input: ["yes"],
    output: [to],
    attribute: [branch("then_branch", graph), branch("else_branch", graph)],
    metadataProps: [],
  };
}

test("known branches are all taken in one pass", () => {
  const b = new ModelBuilder();
  b.input("x", [1, 3]);
  b.constant({ type: "bool", dims: [], data: Uint8Array.of(1) }, "yes");
  const base = b.build();
  const node = Array.from(
    { length: 5000 },
    (_, i) => choice(i === 0 ? "x" : `y${i}`, `y${i + 1}`),
  );
  const { model, facts } = takeKnownBranches(withGraph(base, { node }));
  expect(model.graph.node.map(({ opType }) => opType).slice(0, 3)).toEqual([
    "Relu",
    "Identity",
    "Relu",
  ]);
  expect(model.graph.node).toHaveLength(10_000);
  expect(facts.get("y5000")?.dims).toEqual([1, 3]);
});

test("names stay short where branches in branches call everything alike", () => {
  let node: NodeProto = choice("x", "z");
  for (let i = 0; i < 40; i++) {
    const graph = { ...new ModelBuilder().build().graph, node: [node], output: [{ name: "z" }] };
    const g = graph as unknown as GraphProto;
    const [then, other] = node.attribute;
    node = { ...node, attribute: [{ ...then, g }, other] };
  }
  const b = new ModelBuilder();
  b.input("x", [1, 3]);
  b.constant({ type: "bool", dims: [], data: Uint8Array.of(1) }, "yes");
  const { model, facts } = takeKnownBranches(withGraph(b.build(), { node: [node] }));
  const longest = Math.max(...model.graph.node.map(({ output }) => output[0].length));
  expect(longest).toBeLessThanOrEqual(256);
  expect(facts.get("z")?.dims).toEqual([1, 3]);
});

test("what functions hold is counted before it is copied", () => {
  const b = new ModelBuilder();
  b.input("x", [1, 3]);
  for (let i = 0; i < 1000; i++) b.op("Layer", ["x"], {}, `y${i}`);
  const base = b.build();
  const held = new ModelBuilder();
  for (let i = 0; i < 1000; i++) held.constant(int64List([i]));
  const attribute = choice("a", "b").attribute.map((item) => ({ ...item, g: held.build().graph }));
  const layer = {
    ...{ name: "Layer", domain: "", input: ["a"], output: ["b"], attribute: [] },
    ...{ node: [{ ...choice("a", "b"), attribute }], opsetImport: [], attributeProto: [] },
  };
  const model = { ...base, functions: [layer] };
  expect(() => inlineFunctions(model)).toThrow("it has more than 200000 parts");
});
