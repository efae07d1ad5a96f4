import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { modelMirror, skipWithout } from "../../tests/data.ts";
import { convNet, listedManifest, randomTensor } from "../../tests/networks.ts";
import { convNextNet, swinNet, VIT, vitNet } from "../../tests/transformers.ts";
import { differentiate, unit } from "../grad/mod.ts";
import { manifestFor } from "../models/mod.ts";
import { encodeModel, int64List, ModelBuilder } from "../onnx/mod.ts";
import type { Network } from "./network.ts";
import { openNetwork } from "./open_network.ts";
import { receptiveField } from "./receptive_field.ts";

const open = (fill: (b: ModelBuilder, x: string) => string, side = 32) => {
  const b = new ModelBuilder();
  const last = fill(b, b.input("x", ["N", 3, side, side]));
  b.output(b.op("Flatten", [b.op("GlobalAveragePool", [last])]));
  const manifest = manifestFor({ path: "small.onnx", height: side, width: side });
  return openNetwork({ manifest, bytes: encodeModel(b.build()) }, { backend: "wasm" });
};

const conv = (b: ModelBuilder, x: string, size: number, from: number, attributes = {}, name = "") =>
  b.op(
    "Conv",
    [x, b.constant(randomTensor([4, from, size, size], size))],
    attributes,
    name || undefined,
  );

/** A network of the catalogue, from the mirror. */
function listed(id: string): Promise<Network> {
  const manifest = listedManifest(id);
  if (!("hub" in manifest.source)) throw new Error(`${id} is not on the hub`);
  const { repository, file } = manifest.source.hub;
  const bytes = readFileSync(join(modelMirror!, repository, file));
  return openNetwork({ manifest, bytes }, { backend: "wasm" });
}

/** The channel that answers most at a place, so that no rectifier hides what it depends on. */
async function strongest(network: Network, layer: string, row: number, column: number) {
  const input = randomTensor(network.inputDims, 3, 10);
  const { [layer]: { dims, data } } = await network.forward(input, [layer]);
  const [, channels, height, width] = dims;
  const values = Array.from(
    { length: channels },
    (_, c) => Number(data[(c * height + row) * width + column]),
  );
  return values.indexOf(Math.max(...values));
}

/** The smallest box around the pixels on which the layer's unit depends, within the image. */
async function support(network: Network, layer: string, row: number, column: number) {
  const [, channels, height, width] = network.inputDims;
  const channel = await strongest(network, layer, row, column);
  const { model, gradients } = differentiate(network.model, {
    objective: unit(layer, { channel, row, column }),
    wrt: [network.inputName],
    inputs: { [network.inputName]: network.inputDims },
  });
  const name = gradients[network.inputName];
  const input = randomTensor(network.inputDims, 3, 10);
  const feeds = { [network.inputName]: input };
  const { [name]: { data } } = await network.evaluate(model, feeds, [name]);
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let i = 0; i < channels * height * width; i++) {
    if (data[i] === 0) continue;
    const [y, x] = [Math.floor(i / width) % height, i % width];
    [left, top] = [Math.min(left, x), Math.min(top, y)];
    [right, bottom] = [Math.max(right, x), Math.max(bottom, y)];
  }
  return { left, top, right: right + 1, bottom: bottom + 1 };
}

async function expectContains(network: Network, layer: string, row: number, column: number) {
  const seen = await support(network, layer, row, column);
  expect(seen.right, "the unit depends on something").toBeGreaterThan(seen.left);
  const { left, top, width, height } = receptiveField(network, layer).boxAt(row, column);
  expect(left).toBeLessThanOrEqual(seen.left);
  expect(top).toBeLessThanOrEqual(seen.top);
  expect(left + width).toBeGreaterThanOrEqual(seen.right);
  expect(top + height).toBeGreaterThanOrEqual(seen.bottom);
  return seen;
}

test("the field of convolutions and pools is exactly what a unit depends on", async () => {
  await using network = await open((b, x) => {
    const first = conv(b, x, 5, 3, { pads: [2, 2, 2, 2], strides: [2, 2] }, "conv1");
    const pool = b.op("AveragePool", [b.op("LRN", [first], { size: 3 })], {
      kernel_shape: [3, 3],
      strides: [2, 2],
      pads: [0, 0, 1, 1],
    }, "pool");
    return conv(b, pool, 3, 4, { pads: [1, 1, 1, 1], dilations: [1, 1] }, "conv2");
  });
  const field = receptiveField(network, "conv2");
  expect(field).toMatchObject({ isWhole: false, width: 17, height: 17 });
  expect(field.boxAt(0, 3)).toEqual({ left: 6, top: -6, width: 17, height: 17 });
  const seen = await expectContains(network, "conv2", 3, 4);
  expect(seen).toEqual({ left: 10, top: 6, right: 27, bottom: 23 });
});

test("the field of several ways is the box around all of them", async () => {
  await using network = await open((b, x) => {
    const narrow = conv(b, x, 1, 3, {}, "narrow");
    const wide = conv(b, x, 3, 3, { pads: [2, 2, 2, 2], dilations: [2, 2] }, "wide");
    const joined = b.op("Concat", [narrow, wide], { axis: 1 }, "joined");
    const padded = b.op(
      "Pad",
      [
        joined,
        b.constant({
          type: "int64",
          dims: [8],
          data: BigInt64Array.of(0n, 0n, 1n, 0n, 0n, 0n, 0n, 0n),
        }),
      ],
      {},
      "padded",
    );
    return b.op("MaxPool", [padded], { kernel_shape: [2, 1] }, "last");
  });
  expect(receptiveField(network, "joined").boxAt(4, 5)).toEqual({
    left: 3,
    top: 2,
    width: 5,
    height: 5,
  });
  expect(receptiveField(network, "last").boxAt(4, 5)).toMatchObject({ top: 1, height: 6, left: 3 });
  await expectContains(network, "last", 4, 5);
});

test.each([
  [
    "tokens",
    vitNet(),
    VIT.height,
    VIT.width,
    ["patches", "embedded", "block0.norm1"],
    "block0.mid",
  ],
  [
    "tokens of the other exporter",
    vitNet({ exporter: "dynamo", registers: 2 }),
    VIT.height,
    VIT.width,
    [
      "embedded",
      "block0.norm1",
    ],
    "block1.out",
  ],
  ["channels last", convNextNet(), 12, 10, ["stem", "norm", "wide", "narrow", "out"], undefined],
  ["windows", swinNet(), 16, 16, ["patches", "last", "norm"], "out"],
])("behind reshapes and transposes: %s", async (_, bytes, height, width, local, whole) => {
  const manifest = manifestFor({ path: "small.onnx", height, width });
  await using network = await openNetwork({ manifest, bytes }, { backend: "wasm" });
  for (const name of local) {
    const layer = network.resolveLayer(name);
    const field = receptiveField(network, layer);
    expect(field.isWhole, name).toBe(false);
    const [, , rows, columns] = network.facts.get(layer)!.dims;
    for (const [row, column] of [[0, 0], [1, 2], [rows - 1, columns - 1]]) {
      const { left, top, width: w, height: h } = field.boxAt(row, column);
      const box = {
        left: Math.max(0, left),
        top: Math.max(0, top),
        right: Math.min(width, left + w),
        bottom: Math.min(height, top + h),
      };
      expect(await support(network, layer, row, column), `${name} ${row},${column}`).toEqual(box);
    }
  }
  if (whole) expect(receptiveField(network, network.resolveLayer(whole)).isWhole).toBe(true);
});

test("a channel shuffle keeps places; pools of everything and matrices see the whole", async () => {
  await using network = await open((b, x) => {
    const shape = (...dims: number[]) =>
      b.constant({ type: "int64", dims: [dims.length], data: BigInt64Array.from(dims, BigInt) });
    const split = b.op("Reshape", [conv(b, x, 3, 3), shape(0, 2, 2, 30, 30)]);
    const turned = b.op("Transpose", [split], { perm: [0, 2, 1, 3, 4] });
    return b.op("Reshape", [turned, shape(0, 4, 30, 30)], {}, "shuffled");
  });
  expect(receptiveField(network, "shuffled")).toMatchObject({ isWhole: false, width: 3 });
  await using small = await openNetwork(
    { manifest: manifestFor({ path: "small.onnx", height: 12, width: 12 }), bytes: convNet() },
    { backend: "wasm" },
  );
  expect(receptiveField(small, "relu2")).toMatchObject({ isWhole: false, width: 5, height: 5 });
  for (const layer of ["mean", "logits"]) {
    expect(receptiveField(small, layer).isWhole).toBe(true);
    expect(receptiveField(small, layer).boxAt(0, 0)).toEqual({
      left: 0,
      top: 0,
      width: 12,
      height: 12,
    });
  }
});

test.skipIf(skipWithout(modelMirror, "receptive fields of published networks"))(
  "the fields of published networks contain what units depend on",
  async () => {
    await using goog = await listed("googlenet-bvlc");
    expect(receptiveField(goog, "conv1/relu_7x7").width).toBe(7);
    const layer = goog.resolveLayer("inception_3a");
    await expectContains(goog, layer, 12, 14);
    await using squeeze = await listed("squeezenet1.1");
    const field = receptiveField(squeeze, squeeze.resolveLayer("fire3"));
    expect(field).toMatchObject({ isWhole: false });
    await expectContains(squeeze, squeeze.resolveLayer("fire3"), 20, 21);
  },
  60_000,
);

test("the field of tokens and of channels last is that of their places; attention sees all", async () => {
  await using network = await open((b, x) => {
    const patches = conv(b, x, 6, 3, { strides: [4, 4], pads: [1, 1, 1, 1] }, "patches");
    const flat = b.op("Reshape", [patches, b.constant(int64List([1, 4, 64]))], {}, "flat");
    const tokens = b.op("Transpose", [flat], { perm: [0, 2, 1] }, "tokens");
    const one = b.constant(randomTensor([4], 3), "scale");
    const normal = b.op("LayerNormalization", [tokens, one], { axis: -1 }, "normal");
    const mixed = b.op("MatMul", [normal, b.constant(randomTensor([4, 6], 5))], {}, "mixed");
    const across = b.constant(randomTensor([1, 64, 64], 7));
    b.output(b.op("MatMul", [across, mixed], {}, "blended"));
    const keys = b.op("Transpose", [mixed], { perm: [0, 2, 1] }, "keys");
    const shares = b.op("Softmax", [b.op("MatMul", [mixed, keys])], { axis: -1 }, "shares");
    const attended = b.op("MatMul", [shares, mixed], {}, "attended");
    const last = b.op("Transpose", [attended], { perm: [0, 2, 1] }, "turned");
    return b.op("Reshape", [last, b.constant(int64List([1, 6, 8, 8]))], {}, "last");
  });
  for (const layer of ["tokens", "normal", "mixed"]) {
    const field = receptiveField(network, layer);
    expect(field, layer).toMatchObject({ isWhole: false, width: 6, height: 6 });
    expect(field.boxAt(2, 5), layer).toEqual({ left: 19, top: 7, width: 6, height: 6 });
    const seen = await expectContains(network, network.resolveLayer(layer), 2, 5);
    expect(seen, layer).toEqual({ left: 19, top: 7, right: 25, bottom: 13 });
  }
  expect(receptiveField(network, "blended").isWhole).toBe(true);
  expect(receptiveField(network, "last").isWhole).toBe(true);
  expect(receptiveField(network, "attended").isWhole).toBe(true);
});
