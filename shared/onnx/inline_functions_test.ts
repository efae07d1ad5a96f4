import { expect, test } from "vitest";
import { attribute, float } from "./attributes.ts";
import { inlineFunctions } from "./inline_functions.ts";
import { ModelBuilder } from "./model_builder.ts";
import { printModel } from "./print_model.ts";
import type { FunctionProto, NodeProto } from "./proto/types.ts";

const node = (
  opType: string,
  input: string[],
  output: string[],
  extra: Partial<NodeProto> = {},
): NodeProto => ({
  opType,
  input,
  output,
  attribute: [],
  metadataProps: [],
  ...extra,
});

const fn = (
  name: string,
  nodes: NodeProto[],
  extra: Partial<FunctionProto> = {},
): FunctionProto => ({
  name,
  domain: "local",
  input: ["a"],
  output: ["b"],
  attribute: [],
  attributeProto: [],
  node: nodes,
  opsetImport: [],
  ...extra,
});

function calling(functions: FunctionProto[], call: Partial<NodeProto> = {}) {
  const b = new ModelBuilder();
  const x = b.input("x", [1, 2]);
  b.output(x);
  const model = b.build();
  const nodes = [node("Layer", ["x"], ["y"], { domain: "local", ...call })];
  return {
    ...model,
    functions,
    graph: { ...model.graph, node: nodes, output: [{ name: "y", metadataProps: [] }] },
  };
}

const lines = (model: Parameters<typeof printModel>[0]) =>
  printModel(model).split("\n").filter((line) => line.includes(" = "));

test("inlineFunctions() puts bodies in place of calls, attributes and inner calls included", () => {
  const alpha = { ...attribute("alpha", float(0)), f: undefined, refAttrName: "slope" };
  const inner = fn("Leak", [node("LeakyRelu", ["a"], ["b"], { attribute: [alpha] })], {
    attribute: ["slope"],
  });
  const outer = fn("Layer", [
    node("Neg", ["a"], ["t"]),
    node("Leak", ["t"], ["b"], { domain: "local", attribute: [attribute("slope", float(0.25))] }),
  ]);
  const result = inlineFunctions(calling([inner, outer]));
  expect(lines(result)).toEqual(["y/t = Neg(x)", "y = LeakyRelu(y/t) <alpha=0.25>"]);
  expect(result.functions).toEqual([]);
});

test("inlineFunctions() takes an attribute's default, and leaves out one without", () => {
  const reference = (name: string) => ({
    ...attribute(name, float(0)),
    f: undefined,
    refAttrName: name,
  });
  const body = fn("Layer", [
    node("Selu", ["a"], ["b"], { attribute: [reference("alpha"), reference("gamma")] }),
  ], { attribute: ["gamma"], attributeProto: [attribute("alpha", float(2))] });
  expect(lines(inlineFunctions(calling([body])))).toEqual(["y = Selu(x) <alpha=2>"]);
});

test("inlineFunctions() refuses functions that call each other in a circle", () => {
  const body = fn("Layer", [node("Layer", ["a"], ["b"], { domain: "local" })]);
  expect(() => inlineFunctions(calling([body]))).toThrow("calls itself");
});

test("inlineFunctions() refuses functions that double with every level", () => {
  const levels = Array.from(
    { length: 30 },
    (_, i) =>
      fn(
        `Level${i}`,
        ["t", "b"].map((output, k) =>
          i === 0
            ? node("Neg", [k === 0 ? "a" : "t"], [output])
            : node(`Level${i - 1}`, [k === 0 ? "a" : "t"], [output], { domain: "local" })
        ),
      ),
  );
  const top = fn("Layer", [node("Level29", ["a"], ["b"], { domain: "local" })]);
  expect(() => inlineFunctions(calling([...levels, top]))).toThrow(
    "with its functions in place it has more than 200000 parts",
  );
});

test("inlineFunctions() leaves a model without functions as it is", () => {
  const model = calling([]);
  expect(inlineFunctions(model)).toBe(model);
});
