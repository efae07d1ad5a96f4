import { expect, test } from "vitest";
import { attribute, GraphIndex, ModelBuilder, type NodeProto } from "../../shared/onnx/mod.ts";
import { AttributeType } from "../../shared/onnx/proto/types.ts";
import { float32 } from "../../shared/tensor/tensor.ts";
import {
  differentiate,
  energy,
  projection,
  unit,
  UnsupportedOperatorError,
} from "../../shared/grad/mod.ts";
import { network, row } from "./small_gradient.ts";

test("an error names every operator without a rule", () => {
  const b = new ModelBuilder();
  b.output(b.op("MaxRoiPool", [b.op("Det", [b.input("x", [1, 2, 2])], {}, "det")], {}, "grid"));
  try {
    differentiate(b.build(), { objective: unit("grid", { channel: 0 }), wrt: ["x"] });
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(UnsupportedOperatorError);
    expect((error as Error).message).toBe(
      'Cannot differentiate the graph: no gradient rule for Det (opset 18) at "det", ' +
        'MaxRoiPool (opset 18) at "grid"',
    );
  }
});

test("an error names the outputs that a rule leaves out", () => {
  const b = new ModelBuilder();
  const x = b.input("x", [1, 4]);
  b.ops("LayerNormalization", [x, b.constant(row(1, 1, 1, 1))], {}, ["even", "mean", "spread"]);
  b.output(b.op("Add", ["mean", b.op("Mul", ["even", "spread"])], {}, "y"));
  b.output("even");
  expect(() => differentiate(b.build(), { objective: energy("y"), wrt: ["x"] })).toThrow(
    "Cannot differentiate the graph: no gradient rule for output 1 of LayerNormalization " +
      '(opset 18) at "mean", output 2 of LayerNormalization (opset 18) at "spread"',
  );
  expect(() => differentiate(b.build(), { objective: energy("even"), wrt: ["x"] })).not.toThrow();
});

test("quantised values of an operator without a rule are named as what is in the way", () => {
  const quantised = network(2, (b, x) => {
    const scale = b.constant(float32(Float32Array.of(0.1), []));
    const zero = b.constant({ type: "uint8", dims: [], data: Uint8Array.of(128) });
    const q = b.op("QuantizeLinear", [x, scale, zero]);
    const weights = b.constant({ type: "uint8", dims: [2, 2], data: Uint8Array.of(1, 2, 3, 4) });
    const inputs = [q, scale, zero, weights, scale, zero, scale, zero];
    return b.op("DequantizeLinear", [b.op("QLinearMatMul", inputs, {}, "q"), scale, zero]);
  });
  expect(() => differentiate(quantised, { objective: energy("y"), wrt: ["x"] })).toThrow(
    /no gradient rule for QLinearMatMul \(opset 18\) at "q"/,
  );
});

test("a node whose branches read a tensor from around it is in the way too", () => {
  const branch = (name: string, op: string) => {
    const inner = new ModelBuilder();
    inner.op(op, ["x"], {}, name);
    inner.output(name);
    return inner.build().graph;
  };
  const b = new ModelBuilder();
  const x = b.input("x", [1, 2]);
  const condition = b.op("Greater", [b.op("ReduceSum", [x]), b.constant(row(0))]);
  b.ops("If", [condition], {}, ["chosen"]);
  const choice: NodeProto = {
    ...b.lastNode,
    attribute: [["then_branch", "Relu"], ["else_branch", "Neg"]].map(([name, op]) => ({
      ...attribute(name, 0),
      type: AttributeType.graph,
      i: undefined,
      g: branch(name, op),
    })),
  };
  b.output(b.op("Add", [x, "chosen"], {}, "y"));
  const model = b.build();
  const node = model.graph.node.map((item) => item.opType === "If" ? choice : item);
  const withBranches = { ...model, graph: { ...model.graph, node } };
  for (const objective of [energy("y"), projection("chosen", "g")]) {
    expect(() => differentiate(withBranches, { objective, wrt: ["x"] })).toThrow(
      'no gradient rule for If (opset 18) at "chosen"',
    );
  }
});

test("what does not depend on a tensor is an error, and so is a tensor that is not there", () => {
  const b = new ModelBuilder();
  const [x, z] = [b.input("x", [1, 2]), b.input("z", [1, 2])];
  b.output(b.op("Relu", [x], {}, "y"));
  b.output(b.op("Floor", [z], {}, "steps"));
  const model = b.build();
  expect(() => differentiate(model, { objective: energy("y"), wrt: ["z"] })).toThrow(
    'Cannot differentiate with respect to "z": the objective does not depend on it',
  );
  expect(() => differentiate(model, { objective: energy("steps"), wrt: ["z"] })).toThrow(
    'Cannot differentiate with respect to "z": the objective does not depend on it',
  );
  expect(() => differentiate(model, { objective: energy("y"), wrt: ["q"] })).toThrow(
    'Cannot differentiate with respect to "q": there is no such tensor',
  );
  expect(() => differentiate(model, { objective: unit("y", { channel: 2 }), wrt: ["x"] })).toThrow(
    'Cannot pick channel 2 of "y": it has 0 to 1',
  );
});

test("nothing off the way from objective to source is emitted", () => {
  const b = new ModelBuilder();
  const x = b.input("x", [1, 2]);
  const h = b.op("Relu", [x], {}, "h");
  b.output(b.op("Exp", [h], {}, "far"));
  const { model } = differentiate(b.build(), { objective: unit("h", { channel: 0 }), wrt: ["x"] });
  const operators = new GraphIndex(model.graph).order.map((node) => node.opType);
  expect(operators).not.toContain("Exp");
  expect(operators.filter((type) => type === "Relu")).toHaveLength(1);
});
