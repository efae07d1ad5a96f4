/** A classifier as Custom Vision and sklearn-onnx write it: a label and a dictionary, no scores. */
import { expect, test } from "vitest";
import { parseOptions } from "../../shared/contract/parse_options.ts";
import { runMethod } from "../../shared/contract/run_method.ts";
import { loadMethod } from "../../shared/methods/registry.ts";
import { deprocess } from "../../shared/models/mod.ts";
import { openNetwork } from "../../shared/network/open_network.ts";
import { describeFile } from "../../shared/network/open/describe_file.ts";
import {
  type AttributeValues,
  encodeModel,
  type Model,
  ModelBuilder,
} from "../../shared/onnx/mod.ts";
import { openSession } from "../../shared/runtime/mod.ts";
import { randomTensor } from "../networks.ts";

const SIZE = 16;
const NAMES = ["ant", "bee", "cat", "dog"];
const ML = "ai.onnx.ml";

/** Image -> convolution -> scores -> softmax -> ZipMap; and beside it the label alone. */
function classifier(classes: AttributeValues): Model {
  const b = new ModelBuilder({ opset: 15 });
  const x = b.input("x", [1, 3, SIZE, SIZE]);
  const relu = b.op("Relu", [b.op("Conv", [x, b.constant(randomTensor([8, 3, 3, 3], 1))])]);
  const flat = b.op("Flatten", [b.op("GlobalAveragePool", [relu])]);
  const weights = b.constant(randomTensor([8, NAMES.length], 2));
  const scores = b.op("MatMul", [flat, weights], {}, "scores");
  const prob = b.op("Softmax", [scores], { axis: 1 }, "prob");
  b.op("ArgMax", [prob], { axis: 1, keepdims: 0 }, "label");
  b.op("ZipMap", [prob], classes, "loss");
  Object.assign(b.lastNode, { domain: ML });
  const { graph, opsetImport, ...model } = b.build();
  // Without a type: the builder knows none but tensors.
  const output = ["label", "loss"].map((name) => ({ name, metadataProps: [] }));
  return {
    ...model,
    opsetImport: [...opsetImport, { domain: ML, version: 3 }],
    graph: { ...graph, output },
  };
}

test.each([
  ["strings", { classlabels_strings: NAMES }, NAMES],
  ["integers", { classlabels_int64s: [3, 5, 7, 9] }, ["class 3", "class 5", "class 7", "class 9"]],
])("a ZipMap of %s: classes, their names and probabilities", async (_, classes, labels) => {
  const model = classifier(classes);
  const described = describeFile("zip.onnx", model, []);
  await using network = await openNetwork(
    { ...described, bytes: encodeModel(model) },
    { backend: "wasm" },
  );
  const tensor = randomTensor(network.inputDims, 3);
  const method = await loadMethod("classify");
  const image = { tensor, image: deprocess(tensor, network.manifest.input) };
  const { measures } = await runMethod(
    method,
    network,
    { image },
    parseOptions(method.options, {}),
    {},
  );
  const only = {
    ...model,
    graph: { ...model.graph, output: [{ name: "prob", metadataProps: [] }] },
  };
  await using session = await openSession(encodeModel(only), { backend: "wasm" });
  const { prob } = await session.run({ x: tensor });
  const expected = Array.from(prob.data as Float32Array, (probability, index) => ({
    index,
    label: labels[index],
    // Of the runtime, which sums in another order.
    probability: expect.closeTo(probability, 5),
  })).toSorted((a, b) => prob.data[b.index] as number - (prob.data[a.index] as number));
  expect(measures.classes).toMatchObject(expected);
});
