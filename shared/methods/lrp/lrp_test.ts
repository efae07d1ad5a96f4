import { expect, test } from "vitest";
import { convNet, linearNet, randomTensor } from "../../../tests/networks.ts";
import { contextOf, runMethod } from "../../contract/run_method.ts";
import type { MethodInput } from "../../contract/method.ts";
import { differentiate, unit } from "../../grad/mod.ts";
import { manifestFor, preprocessWhole } from "../../models/mod.ts";
import type { Network } from "../../network/network.ts";
import { openNetwork } from "../../network/open_network.ts";
import { encodeModel, ModelBuilder } from "../../onnx/mod.ts";
import { openSession } from "../../runtime/mod.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { lrp, lrpOptions } from "./mod.ts";

const SIDE = 12;
const SIZE = 3 * SIDE * SIDE;
const manifest = manifestFor({ path: "small.onnx", height: SIDE, width: SIDE });
const input: MethodInput = {
  tensor: randomTensor([1, 3, SIDE, SIDE], 4),
  image: { width: SIDE, height: SIDE, data: new Uint8ClampedArray(SIDE * SIDE * 4).fill(200) },
};

const openBytes = (bytes: Uint8Array) => openNetwork({ manifest, bytes }, { backend: "wasm" });

const run = (network: Network, options: Record<string, unknown>, context = {}) =>
  runMethod(lrp, network, { image: input }, lrpOptions.parse(options), context);

const data = (tensor: Tensor) => Array.from(tensor.data as Float32Array);
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

function expectClose(actual: readonly number[], expected: readonly number[], share: number) {
  const size = Math.max(...expected.map(Math.abs));
  expect(size).toBeGreaterThan(0);
  const apart = Math.max(...actual.map((value, i) => Math.abs(value - expected[i])));
  expect(apart / size).toBeLessThan(share);
}

test("of a linear network, relevance by epsilon is weight times input, and adds up to the score", async () => {
  const weights = randomTensor([SIZE, 4], 2, 0.1);
  await using network = await openBytes(linearNet(weights, [3, SIDE, SIDE]));
  const { arrays, measures } = await run(network, { target: "2", rule: "epsilon" });
  const expected = data(input.tensor).map((value, i) => value * weights.data[4 * i + 2]);
  expect(arrays.relevance.dims).toEqual([1, 3, SIDE, SIDE]);
  expectClose(data(arrays.relevance), expected, 1e-5);
  expect(measures.score).toBeCloseTo(sum(expected), 4);
  expect(measures.conservation).toBeCloseTo(1, 4);
  expect(measures).toMatchObject({ target: "class 2", targetIndex: 2, quantity: "logit" });
});

test("a bias of the classifier takes its share of the score, and no more", async () => {
  await using network = await openBytes(convNet());
  const { measures } = await run(network, { target: "3" });
  const { logits } = await network.forward(input.tensor, ["logits"]);
  const bias = randomTensor([5], 11).data[3];
  const score = data(logits)[3];
  expect(measures.score).toBeCloseTo(score, 5);
  expect(measures.conservation).toBeCloseTo((score - bias) / score, 3);
});

test("epsilon of a class is input x gradient of it, however the classes are added up", async () => {
  await using network = await openBytes(convNet());
  const { arrays } = await run(network, {
    target: "class 3 - 0.5*class 1",
    rule: "epsilon",
    epsilon: 1e-9,
  });
  const gradients = await Promise.all([3, 1].map(async (channel) => {
    const options = {
      objective: unit("logits", { channel }),
      wrt: ["x"],
      inputs: { x: input.tensor.dims },
    };
    const { "grad/x": g } = await network.evaluate(differentiate(network.model, options).model, {
      x: input.tensor,
    }, ["grad/x"]);
    return data(g);
  }));
  const expected = data(input.tensor).map((value, i) =>
    value * (gradients[0][i] - 0.5 * gradients[1][i])
  );
  // Means keep a stabilizer of 1e-6.
  expectClose(data(arrays.relevance), expected, 1e-3);
});

test("the relevances of a layer's channels add up to the score, and their maps to the map", async () => {
  await using network = await openBytes(convNet());
  const { arrays, measures, figures } = await run(network, {
    target: "3",
    layer: "relu1",
    channels: 8,
  });
  const whole = data(arrays.relevance);
  const channels = data(arrays.channel_relevance);
  expect(channels).toHaveLength(8);
  expect(sum(channels) / sum(whole)).toBeCloseTo(1, 3);
  const shown = measures.channelRelevances as unknown as {
    readonly channel: number;
    readonly relevance: number;
    readonly share: number;
  }[];
  expect(arrays.channel_maps.dims).toEqual([shown.length, 3, SIDE, SIDE]);
  const maps = shown.map((_, i) => data(arrays.channel_maps).slice(i * SIZE, (i + 1) * SIZE));
  const size = sum(channels.map(Math.abs));
  shown.forEach(({ channel, relevance, share }, i) => {
    expect(relevance).toBe(channels[channel]);
    expect(share).toBeCloseTo(Math.abs(relevance) / size, 6);
    expect(sum(maps[i]) / relevance).toBeCloseTo(1, 3);
    if (i > 0) expect(Math.abs(relevance)).toBeLessThanOrEqual(Math.abs(shown[i - 1].relevance));
  });
  expectClose(whole.map((_, i) => sum(maps.map((map) => map[i]))), whole, 1e-4);
  expect(figures.channels.panels).toHaveLength(shown.length);
});

test("beside each channel's map stands an image that activates the channel", async () => {
  await using network = await openBytes(convNet());
  const found = await run(network, { target: "3", layer: "relu2", channels: 2, visualize: true });
  const { panels, columns } = found.figures.channels;
  const shown = found.measures.channelRelevances as unknown as { readonly channel: number }[];
  expect(columns).toBe(2);
  expect(panels.map(({ id }) => id)).toEqual(
    shown.flatMap(({ channel }) => [`channel-${channel}`, `visualization-${channel}`]),
  );
  const meanOf = async (tensor: Tensor, channel: number) => {
    const { relu2 } = await network.forward(tensor, ["relu2"]);
    const area = SIDE * SIDE;
    return sum(data(relu2).slice(channel * area, (channel + 1) * area)) / area;
  };
  const grey = preprocessWhole(
    { ...input.image, data: new Uint8ClampedArray(SIDE * SIDE * 4).fill(128) },
    manifest.input,
  );
  for (const [i, { channel }] of shown.entries()) {
    const [layer] = panels[2 * i + 1].layers;
    if (layer.kind !== "image") throw new Error("the panel is no image");
    const tensor = preprocessWhole(layer.image, manifest.input);
    expect(await meanOf(tensor, channel)).toBeGreaterThan(await meanOf(grey, channel));
  }
});

test("lrp emits the model that it runs", async () => {
  await using network = await openBytes(convNet());
  const options = lrpOptions.parse({ target: "1", layer: "relu2" });
  const { arrays } = await run(network, options);
  const model = await lrp.emit!(contextOf(network), { image: input }, options);
  await using session = await openSession(encodeModel(model), { backend: "wasm" });
  const results = await session.run({ x: input.tensor });
  expect(results["relevance/x"].data).toEqual(arrays.relevance.data);
  expect(results["relevance/relu2"].dims).toEqual([1, 8, SIDE, SIDE]);
});

test("lrp says in one sentence what it cannot attribute", async () => {
  await using network = await openBytes(convNet());
  await expect(run(network, { layer: "conv9" })).rejects.toThrow('Cannot find the layer "conv9"');
  await expect(run(network, { target: "relu1:9" })).rejects.toThrow("Cannot pick channel 9");
  await expect(run(network, { target: "logits:0", layer: "prob" })).rejects.toThrow(
    'Cannot propagate relevance to "prob": the score does not depend on it',
  );
  await expect(run(network, { target: "prob:0" })).rejects.toMatchObject({
    kind: "unsupported-operator",
    message: 'Cannot propagate relevance: no relevance rule for Softmax (opset 18) at "prob"',
  });
  await using broken = await openBytes(convNet({ firstWeight: NaN }));
  await expect(run(broken, { target: "1" })).rejects.toMatchObject({ kind: "invalid-options" });
});

test("a score of nothing, and one that nothing of the image adds to, are told", async () => {
  const b = new ModelBuilder();
  const x = b.input("x", [1, 3, SIDE, SIDE]);
  const weights = randomTensor([4, 3, 3, 3], 1);
  const below = weights.data.map((value) => -Math.abs(value));
  const conv = b.op("Conv", [
    b.op("Abs", [x], {}, "sizes"),
    b.constant({ ...weights, data: below }),
  ]);
  const dead = b.op("Relu", [conv], {}, "dead");
  b.output(b.op("Flatten", [b.op("GlobalAveragePool", [dead])], {}, "logits"));
  await using network = await openBytes(encodeModel(b.build()));
  await expect(run(network, { target: "1" })).rejects.toThrow(
    "Cannot attribute class 1: its logit is 0, expected a score that something in the image adds to",
  );
});
