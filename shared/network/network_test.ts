import { expect, test } from "vitest";
import { convNet, denseConvNet, randomTensor } from "../../tests/networks.ts";
import { manifestFor } from "../models/mod.ts";
import { encodeModel, ModelBuilder } from "../onnx/mod.ts";
import { classScores } from "./class_scores.ts";
import type { NetworkManifest } from "./network.ts";
import { openNetwork } from "./open_network.ts";
import { skippedOnWebGpu } from "../../tests/other_backends.ts";

const manifestOf = (id: string, side = 12) => manifestFor({ path: id, height: side, width: side });
const bare: NetworkManifest = manifestOf("bare");
const manifest: NetworkManifest = {
  ...manifestOf("small"),
  layers: [{ alias: "first", tensor: "relu1" }, { alias: "second", tensor: "relu2" }],
};
const x = randomTensor([1, 3, 12, 12], 1);
const wasm = { backend: "wasm" } as const;

test("Network.forward() gives any tensor by name or alias, under the name asked for", async () => {
  await using network = await openNetwork({ manifest, bytes: convNet() }, wasm);
  const results = await network.forward(x, ["first", "conv2", "prob"]);
  expect(Object.keys(results)).toEqual(["first", "conv2", "prob"]);
  expect(results.first.dims).toEqual([1, 8, 12, 12]);
  expect(Math.min(...results.first.data as Float32Array)).toBe(0);
  const { relu1 } = await network.forward(x, ["relu1"]);
  expect(relu1.data).toEqual(results.first.data);
});

test("Network.resolveLayer() names near layers when there is none", async () => {
  await using network = await openNetwork({ manifest, bytes: convNet() }, wasm);
  expect(() => network.resolveLayer("relu3")).toThrow(
    /^Cannot find the layer "relu3": small has none of that name; did you mean .*"relu1"/,
  );
});

test("Network finds the scores without a manifest, and computes missing probabilities", async () => {
  await using whole = await openNetwork({ manifest: bare, bytes: convNet() }, wasm);
  await using cut = await openNetwork({ manifest: bare, bytes: convNet({ softmax: false }) }, wasm);
  expect([whole.logitsTensor, whole.probabilitiesTensor]).toEqual(["logits", "prob"]);
  expect([cut.logitsTensor, cut.probabilitiesTensor]).toEqual(["logits", undefined]);
  const expected = await classScores(whole, x);
  const computed = await classScores(cut, x);
  expect(computed.logits).toEqual(expected.logits);
  computed.probabilities.forEach((value, i) =>
    expect(value).toBeCloseTo(expected.probabilities[i], 6)
  );
});

test("Network numbers the classes that have no label", async () => {
  const labels = ["cat", "dog"];
  await using network = await openNetwork({ manifest, bytes: convNet(), labels }, wasm);
  expect(network.labels).toEqual(["cat", "dog", "class 2", "class 3", "class 4"]);
});

test("Network lists every feature map as a layer when the manifest has no sweep", async () => {
  await using network = await openNetwork({ manifest: bare, bytes: convNet() }, wasm);
  expect(network.layers.map(({ alias }) => alias))
    .toEqual(["conv1", "relu1", "conv2", "relu2", "mean"]);
});

test("Network takes no weights for layers, nor what is computed from them alone", async () => {
  const b = new ModelBuilder();
  const x = b.input("x", ["N", 3, 12, 12]);
  const raw = b.constant(randomTensor([4, 3, 3, 3], 1), "raw");
  const conv = b.op("Conv", [x, b.op("Tanh", [raw], {}, "standard")], {}, "conv");
  b.output(b.op("Flatten", [b.op("GlobalAveragePool", [conv], {}, "mean")], {}, "scores"));
  await using network = await openNetwork({ manifest: bare, bytes: encodeModel(b.build()) }, wasm);
  expect(network.layers.map(({ alias }) => alias)).toEqual(["conv", "mean"]);
  expect(() => network.resolveLayer("standard")).toThrow(
    'Cannot look into "standard" of bare: it does not depend on the image',
  );
});

test("Network takes no arithmetic on shapes for layers", async () => {
  const b = new ModelBuilder();
  const x = b.input("x", ["N", 3, 12, 12]);
  const shape = b.op("Shape", [x], {}, "shape");
  const first = b.constant({ type: "int64", dims: [1], data: BigInt64Array.of(0n) });
  const rest = b.constant({ type: "int64", dims: [1], data: BigInt64Array.of(-1n) });
  const batch = b.op("Gather", [shape, first], {}, "batch");
  b.output(b.op("Reshape", [x, b.op("Concat", [batch, rest], { axis: 0 }, "target")], {}, "row"));
  await using network = await openNetwork({ manifest: bare, bytes: encodeModel(b.build()) }, wasm);
  expect(["row", "shape", "batch", "target"].filter((name) => network.hasLayer(name)))
    .toEqual(["row"]);
});

test("a network of one score answers yes or no", async () => {
  const bytes = convNet({ classes: 1, softmax: false });
  await using network = await openNetwork({ manifest: bare, bytes }, wasm);
  const { logits: [logit], probabilities: [probability] } = await classScores(network, x);
  expect(probability).toBeCloseTo(1 / (1 + Math.exp(-logit)), 6);
});

test("Network.canBatch is false for a batch of 1 that is built in", async () => {
  await using free = await openNetwork({ manifest: bare, bytes: convNet() }, wasm);
  expect(free.canBatch).toBe(true);
  const b = new ModelBuilder();
  const one = b.constant({ type: "int64", dims: [2], data: new BigInt64Array([1n, -1n]) });
  b.output(b.op("Reshape", [b.input("x", ["N", 3, 12, 12]), one], {}, "row"));
  await using fixed = await openNetwork({ manifest: bare, bytes: encodeModel(b.build()) }, wasm);
  expect(fixed.canBatch).toBe(false);
});

test("openNetwork() refuses an input that is not one image of the manifest's size", async () => {
  const open = (dims: readonly (number | string)[]) => {
    const b = new ModelBuilder();
    b.output(b.op("Relu", [b.input("x", dims)], {}, "y"));
    return openNetwork({ manifest: bare, bytes: encodeModel(b.build()) }, wasm);
  };
  await expect(open(["N", 784])).rejects.toThrow(
    'its input "x" has shape [N,784], expected [1 or N, channels, 12, 12]',
  );
  await expect(open(["N", 1e9, 12, 12])).rejects.toThrow(
    "its input [1,1000000000,12,12] has more than 268435456 elements",
  );
  await expect(open(["N", 3, 24, 12])).rejects.toThrow('its input "x" has shape [N,3,24,12]');
  const levels = new ModelBuilder();
  levels.output(levels.op("Relu", [levels.input("x", ["N", 3, 12, 12], "bool")]));
  await expect(openNetwork({ manifest: bare, bytes: encodeModel(levels.build()) }, wasm)).rejects
    .toThrow('its input "x" is bool, expected float32');
  const b = new ModelBuilder();
  b.output(b.op("Add", [b.input("x", [1, 3, 12, 12]), b.input("y", [1, 3, 12, 12])]));
  await expect(openNetwork({ manifest: bare, bytes: encodeModel(b.build()) }, wasm)).rejects
    .toThrow(
      'its inputs are "x" float32 [1,3,12,12] and "y" float32 [1,3,12,12], expected one, an image; ' +
        "give tensors for the others (--feed y=file.npy)",
    );
});

test("openNetwork() refuses a chain of nodes that ONNX Runtime would take minutes to load", async () => {
  const b = new ModelBuilder();
  let name = b.input("x", [1, 3, 12, 12]);
  for (let i = 0; i <= 10_000; i++) name = b.op("Relu", [name]);
  b.output(name);
  await expect(openNetwork({ manifest: bare, bytes: encodeModel(b.build()) }, wasm)).rejects
    .toThrow("it has 10001 nodes, at most 10000 are allowed");
});

const skip = await skippedOnWebGpu("networks on WebGPU");

test.skipIf(skip)(
  "openNetwork() runs on WebGPU, and right where the file's form is wrong there",
  async () => {
    const source = { manifest: manifestOf("wide", 8), bytes: denseConvNet(6, 8) };
    await using webgpu = await openNetwork(source, { backend: "webgpu" });
    await using wasm = await openNetwork(source, { backend: "wasm" });
    const image = randomTensor([1, 6, 8, 8], 3);
    const [actual, expected] = [
      await webgpu.forward(image, ["conv"]),
      await wasm.forward(image, ["conv"]),
    ];
    (expected.conv.data as Float32Array).forEach((value, i) =>
      expect((actual.conv.data as Float32Array)[i]).toBeCloseTo(value, 4)
    );
  },
);

test.skipIf(skip).each([9, 18])("openNetwork() runs Dropout of set %d on WebGPU", async (opset) => {
  const b = new ModelBuilder({ opset });
  const x = b.input("x", ["N", 3, 12, 12]);
  const rows = b.op(
    "Flatten",
    b.ops("Dropout", [b.op("Relu", [x])], {}, ["dropped", "mask"]).slice(0, 1),
    {},
    "rows",
  );
  const weights = b.constant(randomTensor([432, 4], 1), "w");
  b.output(b.op("MatMul", [b.op("Dropout", [rows], {}, "again"), weights], {}, "scores"));
  const source = { manifest: bare, bytes: encodeModel(b.build()) };
  await using network = await openNetwork(source, { backend: "webgpu" });
  expect((await network.forward(randomTensor([1, 3, 12, 12], 2), ["scores"])).scores.dims)
    .toEqual([1, 4]);
});
