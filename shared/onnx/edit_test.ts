import { expect, test } from "vitest";
import { float32 } from "../tensor/tensor.ts";
import { decodeModel, encodeModel } from "./model_file.ts";
import { cutModel, withOutputs } from "./edit.ts";
import { externalFiles, loadExternalData } from "./external_data.ts";
import { GraphIndex } from "./graph_index.ts";
import { ModelBuilder } from "./model_builder.ts";
import { printModel } from "./print_model.ts";
import { tensorOf } from "./tensor_proto.ts";

function network() {
  const b = new ModelBuilder();
  const x = b.input("x", ["N", 2]);
  const w = b.constant(float32(Float32Array.of(1, 2, 3, 4), [2, 2]), "w");
  const hidden = b.op("Relu", [b.op("MatMul", [x, w], {}, "product")], {}, "hidden");
  const v = b.constant(float32(Float32Array.of(5, 6), [2, 1]), "v");
  b.output(b.op("MatMul", [hidden, v], {}, "y"));
  return b.build();
}

test("withOutputs() keeps what the outputs need and nothing else", () => {
  const { graph } = withOutputs(network(), ["hidden"]);
  expect(graph.node.map((node) => node.name)).toEqual(["product", "hidden"]);
  expect(graph.initializer.map((tensor) => tensor.name)).toEqual(["w"]);
  expect(graph.output.map((info) => info.name)).toEqual(["hidden"]);
});

test("withOutputs() names a tensor that is not there", () => {
  expect(() => withOutputs(network(), ["hiden"])).toThrow(
    'Cannot expose "hiden": the graph has no tensor of that name',
  );
});

test("cutModel() makes an intermediate tensor an input", () => {
  const { graph } = cutModel(network(), [{ name: "hidden", dims: [1, 2] }], ["y"]);
  expect(graph.node.map((node) => node.name)).toEqual(["y"]);
  expect(new GraphIndex(graph).inputs).toEqual(["hidden"]);
});

test("cutModel() refuses a cut that leaves another input open", () => {
  expect(() => cutModel(network(), [{ name: "v", dims: [2, 1] }], ["y"])).toThrow(
    'Cannot cut at [v]: [y] depend on "x" as well',
  );
});

test("an edit survives a round trip", () => {
  const file = encodeModel(withOutputs(decodeModel(encodeModel(network())), ["product"]));
  expect(printModel(decodeModel(file))).toBe([
    "opset ai.onnx 18",
    "input x: float32[N, 2]",
    "weight w: float32[2, 2]",
    "product = MatMul(x, w)",
    "output product: type 0",
    "",
  ].join("\n"));
});

test("GraphIndex counts what a subgraph reads from outside", () => {
  const model = network();
  const branch = { ...withOutputs(model, ["hidden"]).graph, input: [], initializer: [] };
  const node = {
    ...model.graph.node[0],
    opType: "If",
    input: ["y"],
    output: ["z"],
    attribute: [{
      name: "then_branch",
      g: branch,
      floats: [],
      ints: [],
      strings: [],
      tensors: [],
      graphs: [],
    }],
  };
  const index = new GraphIndex({ ...model.graph, node: [...model.graph.node, node] });
  expect(index.consumers("x")).toHaveLength(2);
});

const entry = (key: string, value: string) => ({ key, value });

function external(...entries: { key: string; value: string }[]) {
  const model = network();
  const [w, v] = model.graph.initializer;
  const outside = { ...w, rawData: undefined, dataLocation: 1, externalData: entries };
  return { ...model, graph: { ...model.graph, initializer: [outside, v] } };
}

test("loadExternalData() reads an extent of a file beside the model", () => {
  const model = external(entry("location", "w.bin"), entry("offset", "4"), entry("length", "16"));
  expect(externalFiles(model)).toEqual(["w.bin"]);
  const bytes = new Uint8Array(Float32Array.of(9, 1, 2, 3, 4).buffer);
  const loaded = loadExternalData(model, new Map([["w.bin", bytes]]));
  expect([...tensorOf(loaded.graph.initializer[0]).data]).toEqual([1, 2, 3, 4]);
});

test.each(["/etc/passwd", "../w.bin", "a/../../w.bin", "C:\\w.bin", "..\\w.bin", ""])(
  "externalFiles() refuses a file outside the model's folder: %s",
  (location) => {
    expect(() => externalFiles(external(entry("location", location)))).toThrow(SyntaxError);
  },
);

test("loadExternalData() refuses an extent past the end of the file", () => {
  const model = external(entry("location", "w.bin"), entry("offset", "8"), entry("length", "16"));
  expect(() => loadExternalData(model, new Map([["w.bin", new Uint8Array(20)]]))).toThrow(
    'Cannot load the tensor "w": it ends at byte 24 of "w.bin", which has 20',
  );
});

test("loadExternalData() reads the tensors of attributes, inner graphs and functions", () => {
  const model = external(entry("location", "w.bin"));
  const [stored, v] = model.graph.initializer;
  const attribute = { floats: [], ints: [], strings: [], tensors: [], graphs: [] };
  const constant = (t: typeof stored) => ({
    opType: "Constant",
    input: [],
    output: ["c"],
    attribute: [{ ...attribute, name: "value", t }],
    metadataProps: [],
  });
  const inner = { ...model.graph, node: [], initializer: [stored] };
  const branch = {
    ...constant(stored),
    opType: "If",
    attribute: [{ ...attribute, name: "then_branch", g: inner }],
  };
  const body = { name: "F", input: [], output: [], attribute: [], opsetImport: [] };
  const everywhere = {
    ...model,
    graph: { ...model.graph, node: [constant(stored), branch], initializer: [v] },
    functions: [{ ...body, attributeProto: [], node: [constant(stored)] }],
  };
  expect(externalFiles(everywhere)).toEqual(["w.bin"]);
  const bytes = new Uint8Array(Float32Array.of(1, 2, 3, 4, 5).buffer);
  const { graph, functions } = loadExternalData(everywhere, new Map([["w.bin", bytes]]));
  const loaded = [
    graph.node[0].attribute[0].t!,
    graph.node[1].attribute[0].g!.initializer[0],
    functions[0].node[0].attribute[0].t!,
  ];
  // Without a length, it is what the shape takes.
  for (const tensor of loaded) expect([...tensorOf(tensor).data]).toEqual([1, 2, 3, 4]);
  expect(graph.initializer[0]).toBe(v);
});
