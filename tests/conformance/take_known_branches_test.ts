import { expect, test } from "vitest";
import { differentiate, energy } from "../../shared/grad/mod.ts";
import {
  attribute,
  encodeModel,
  type GraphProto,
  type Model,
  ModelBuilder,
  type NodeProto,
  takeKnownBranches,
} from "../../shared/onnx/mod.ts";
import { AttributeType } from "../../shared/onnx/proto/types.ts";
import { openSession } from "../../shared/runtime/mod.ts";
import { float32 } from "../../shared/tensor/tensor.ts";

function branch(build: (b: ModelBuilder) => void): GraphProto {
  const b = new ModelBuilder();
  build(b);
  return b.build().graph;
}

/** `squeeze(axis)` of x as PyTorch writes it where the extent is open, twice. */
function squeezedTwice(): Model {
  const b = new ModelBuilder();
  b.input("x", ["N", "A", "B"]);
  const branches = new Map<string, readonly [GraphProto, GraphProto]>();
  let value = "x";
  for (const name of ["first", "y"]) {
    const extent = b.op("Gather", [b.op("Shape", [value]), scalar(b, 1)]);
    const outer = value;
    branches.set(name, [
      branch((t) => {
        const axis = t.constant({ type: "int64", dims: [1], data: BigInt64Array.of(1n) }, "axis");
        t.output(t.op("Squeeze", [outer, axis], {}, "inner"));
      }),
      branch((t) => t.output(t.op("Identity", [outer], {}, "inner"))),
    ]);
    b.ops("If", [b.op("Equal", [extent, scalar(b, 1)])], {}, [name]);
    value = name;
  }
  b.output("y");
  const model = b.build();
  const node = model.graph.node.map((item): NodeProto => {
    const pair = branches.get(item.output[0]);
    if (pair === undefined) return item;
    const held = (name: string, g: GraphProto) => ({
      ...attribute(name, 0),
      type: AttributeType.graph,
      i: undefined,
      g,
    });
    return { ...item, attribute: [held("then_branch", pair[0]), held("else_branch", pair[1])] };
  });
  return { ...model, graph: { ...model.graph, node } };
}

const scalar = (b: ModelBuilder, value: number) =>
  b.constant({ type: "int64", dims: [], data: BigInt64Array.of(BigInt(value)) });

test.each([[[2, 1, 3], [2, 3]], [[2, 1, 1], [2]], [[2, 3, 4], [2, 3, 4]]])(
  "takeKnownBranches() of an input [%s] takes the branches that run",
  async (dims, expected) => {
    const original = squeezedTwice();
    const { model, facts } = takeKnownBranches(original, { inputs: { x: dims } });
    expect(facts.get("y")?.dims).toEqual(expected);
    expect(model.graph.node.filter((node) => node.opType === "If")).toEqual([]);
    const x = float32(
      Float32Array.from({ length: dims.reduce((a, b) => a * b) }, (_, i) => i),
      dims,
    );
    const run = async (of: Model) => {
      await using session = await openSession(encodeModel(of), { backend: "wasm" });
      return (await session.run({ x })).y;
    };
    expect(await run(model)).toEqual(await run(original));
  },
);

test("takeKnownBranches() leaves a choice by value, and a model without choices, as they are", () => {
  const b = new ModelBuilder();
  const x = b.input("x", [1]);
  b.output(b.op("Relu", [x], {}, "y"));
  const plain = b.build();
  expect(takeKnownBranches(plain).model).toBe(plain);
  b.ops("If", [b.op("Greater", [x, x])], {}, ["z"]);
  const byValue = b.build();
  expect(takeKnownBranches(byValue).model).toBe(byValue);
});

test("a network with choices by shape has a gradient", async () => {
  const inputs = { x: [1, 1, 3] };
  const { model, gradients } = differentiate(squeezedTwice(), {
    objective: energy("y"),
    wrt: ["x"],
    inputs,
  });
  await using session = await openSession(encodeModel(model), { backend: "wasm" });
  const x = float32(Float32Array.of(1, -2, 3), inputs.x);
  const results = await session.run({ x }, [gradients.x]);
  expect(results[gradients.x]).toEqual(x);
});
