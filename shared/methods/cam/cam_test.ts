import { expect, test } from "vitest";
import { convNet, type ConvNetOptions, randomTensor } from "../../../tests/networks.ts";
import { contextOf, runMethod } from "../../contract/run_method.ts";
import type { MethodInput } from "../../contract/method.ts";
import { differentiate, unit } from "../../grad/mod.ts";
import { manifestFor } from "../../models/mod.ts";
import { cutModel, encodeModel, ModelBuilder } from "../../onnx/mod.ts";
import type { Network } from "../../network/network.ts";
import { openNetwork } from "../../network/open_network.ts";
import { openSession } from "../../runtime/mod.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";
import { type CamMethod, camOptions } from "./options.ts";
import { cam } from "./mod.ts";

const SIDE = 12;
const AREA = SIDE * SIDE;
const manifest = manifestFor({ path: "small.onnx", height: SIDE, width: SIDE });
const input: MethodInput = {
  tensor: randomTensor([1, 3, SIDE, SIDE], 4),
  image: { width: SIDE, height: SIDE, data: new Uint8ClampedArray(AREA * 4).fill(200) },
};

const openBytes = (bytes: Uint8Array) => openNetwork({ manifest, bytes }, { backend: "wasm" });
const open = (options: ConvNetOptions = {}) => openBytes(convNet(options));

const run = (network: Network, options: Record<string, unknown>, context = {}) =>
  runMethod(cam, network, { image: input }, camOptions.parse(options), context);

const data = (tensor: Tensor) => Array.from(tensor.data as Float32Array);

/** A network of one layer and a head made by `fill` from it. */
function headNet(fill: (b: ModelBuilder, layer: string) => string): Uint8Array {
  const b = new ModelBuilder();
  const x = b.input("x", ["N", 3, SIDE, SIDE]);
  const conv = b.op("Conv", [x, b.constant(randomTensor([4, 3, 3, 3], 2, 0.4))], {}, "conv");
  b.output(fill(b, b.op("Relu", [conv], {}, "relu")));
  return encodeModel(b.build());
}

const scores = (b: ModelBuilder, flat: string, size: number, scale = 1) =>
  b.op("MatMul", [flat, b.constant(randomTensor([size, 5], 3, scale))], {}, "logits");

test("gradcam behind a global average and a linear head is CAM: the weighted sum of the maps", async () => {
  await using network = await open();
  const { arrays, measures } = await run(network, { target: "3" });
  const { relu2, logits } = await network.forward(input.tensor, ["relu2", "logits"]);
  const weights = randomTensor([8, 5], 10).data;
  const expected = Array.from({ length: AREA }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < 8; k++) sum += weights[5 * k + 3] / AREA * data(relu2)[k * AREA + i];
    return sum;
  });
  expect(arrays.cam.dims).toEqual([SIDE, SIDE]);
  data(arrays.cam).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 6));
  const peak = expected.indexOf(Math.max(...expected));
  expect(measures).toMatchObject({ layer: "relu2", index: 3, method: "gradcam" });
  expect(Object.keys(measures)[0]).toBe("target");
  expect(measures.score).toBeCloseTo(data(logits)[3], 5);
  expect(measures.peak).toMatchObject({ row: Math.floor(peak / SIDE), column: peak % SIDE });
  expect(measures.positiveShare).toBe(expected.filter((value) => value > 0).length / AREA);
  // Behind such a head, the gradient is the same at all positions.
  for (const method of ["hirescam", "xgradcam"]) {
    const other = await run(network, { target: "3", method });
    data(other.arrays.cam).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 6));
  }
});

/** The gradient of class 3 by each activation of relu1, as central differences, in one batch. */
async function bruteForce(network: Network) {
  const { relu1 } = await network.forward(input.tensor, ["relu1"]);
  const a = relu1.data as Float32Array;
  const tail = cutModel(network.model, [{ name: "relu1", dims: [2, 8, SIDE, SIDE] }], ["logits"]);
  await using session = await openSession(encodeModel(tail), { backend: "wasm" });
  const step = 1e-2;
  const g = new Float32Array(a.length);
  for (let i = 0; i < a.length; i++) {
    const both = float32(new Float32Array([...a, ...a]), [2, 8, SIDE, SIDE]);
    both.data[i] += step;
    both.data[a.length + i] -= step;
    const { logits } = await session.run({ relu1: both });
    g[i] = (Number(logits.data[3]) - Number(logits.data[5 + 3])) / (2 * step);
  }
  return { a, g };
}

test("every method by gradients is its formula on central differences", async () => {
  await using network = await open();
  const { a, g } = await bruteForce(network);
  const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0);
  const planes = (method: CamMethod, ak: Float32Array, gk: Float32Array): Float32Array => {
    const by = (weight: number) => ak.map((value) => weight * value);
    if (method === "gradcam") return by(sum(gk) / AREA);
    if (method === "hirescam") return ak.map((value, i) => value * gk[i]);
    if (method === "layercam") return ak.map((value, i) => value * Math.max(0, gk[i]));
    if (method === "xgradcam") return by(sum(ak.map((v, i) => v * gk[i])) / (sum(ak) + 1e-7));
    const s = sum(ak);
    return by(sum(gk.map((v) => Math.max(0, v) * v * v / (2 * v * v + s * v ** 3 + 1e-6))));
  };
  for (const method of ["gradcam", "gradcam++", "hirescam", "layercam", "xgradcam"] as const) {
    const { arrays } = await run(network, { target: "3", layer: "relu1", method });
    const expected = new Float64Array(AREA);
    for (let k = 0; k < 8; k++) {
      const at = [k * AREA, (k + 1) * AREA];
      planes(method, a.subarray(...at), g.subarray(...at)).forEach((v, i) => expected[i] += v);
    }
    const actual = data(arrays.cam);
    const apart = Math.hypot(...actual.map((value, i) => value - expected[i]));
    // Steps cross kinks of rectifiers here and there.
    expect(apart / Math.hypot(...expected), method).toBeLessThan(0.03);
  }
});

test("scorecam weighs channels by the score that they leave, on the same scale as by hand", async () => {
  await using network = await open();
  const { arrays, measures } = await run(network, {
    target: "1",
    method: "scorecam",
    layer: "relu1",
    channels: 3,
  });
  const { relu1 } = await network.forward(input.tensor, ["relu1"]);
  const maps = Array.from({ length: 8 }, (_, k) => data(relu1).slice(k * AREA, (k + 1) * AREA));
  const range = (map: number[]) => Math.max(...map) - Math.min(...map);
  const most = maps.toSorted((p, q) => range(q) - range(p)).slice(0, 3);
  const left = await Promise.all(most.map(async (map) => {
    const low = Math.min(...map);
    const masked = input.tensor.data.map((v, i) => v * (map[i % AREA] - low) / range(map));
    const { logits } = await network.forward(float32(masked, [1, 3, SIDE, SIDE]), ["logits"]);
    return Math.exp(data(logits)[1]);
  }));
  const total = left.reduce((p, q) => p + q);
  const expected = maps[0].map((_, i) =>
    most.reduce((sum, map, k) => sum + left[k] / total * map[i], 0)
  );
  data(arrays.cam).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4));
  expect(measures).toMatchObject({ channels: 8, forwardPasses: 3 });
});

test("top5 is the five most probable classes, each as it is alone, in one run of the gradient", async () => {
  await using network = await open();
  const runs: string[][] = [];
  const evaluate = network.evaluate.bind(network);
  network.evaluate = (model, feeds, outputs, options) => {
    runs.push([...outputs]);
    return evaluate(model, feeds, outputs, options);
  };
  const all = await run(network, { target: "top5", layer: "relu1" });
  expect(runs.filter(([name]) => name === "grad/relu1")).toHaveLength(1);
  const classes = all.measures.classes as unknown as { index: number; score: number }[];
  expect(classes.map(({ score }) => score)).toEqual(
    classes.map(({ score }) => score).toSorted((p, q) => q - p),
  );
  for (const [i, { index }] of classes.entries()) {
    const one = await run(network, { target: `${index}`, layer: "relu1" });
    const name = i === 0 ? "cam" : `cam-${i + 1}`;
    data(all.arrays[name]).forEach((v, k) => expect(v).toBeCloseTo(data(one.arrays.cam)[k], 5));
  }
  expect(all.figures.figure.panels.filter(({ id }) => id.startsWith("overlay-"))).toHaveLength(5);
});

test("a way around the layer is kept: only what passes through the layer is differentiated", async () => {
  const bytes = headNet((b, layer) => {
    const twin = b.op("Sigmoid", ["conv"]);
    const both = b.op("Mul", [layer, twin]);
    return scores(b, b.op("Flatten", [b.op("GlobalAveragePool", [both])]), 4);
  });
  await using network = await openBytes(bytes);
  const { arrays } = await run(network, { target: "2", layer: "relu", method: "hirescam" });
  const { conv, relu } = await network.forward(input.tensor, ["conv", "relu"]);
  const weights = randomTensor([4, 5], 3).data;
  const area = 100;
  const expected = Array.from({ length: area }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < 4; k++) {
      const gate = 1 / (1 + Math.exp(-data(conv)[k * area + i]));
      sum += weights[5 * k + 2] / area * gate * data(relu)[k * area + i];
    }
    return sum;
  });
  data(arrays.cam).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 6));
});

test("guided multiplies guided backpropagation by the map after ReLU", async () => {
  await using network = await open();
  const { arrays, figures } = await run(network, { target: "3", guided: true });
  const { model } = differentiate(network.model, {
    objective: unit("logits", { channel: 3 }),
    wrt: ["x"],
    inputs: { x: input.tensor.dims },
    reluRule: "guided",
  });
  const { "grad/x": g } = await network.evaluate(model, { x: input.tensor }, ["grad/x"]);
  const map = data(arrays.cam);
  const expected = data(g).map((v, i) => v * Math.max(0, map[i % AREA]));
  data(arrays.guided).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
  expect(figures.figure.panels.map(({ id }) => id)).toEqual(["overlay-3", "cells-3", "guided-3"]);
});

test("cam emits one model with the layer's activations and gradient", async () => {
  await using network = await open();
  const options = camOptions.parse({ target: "3", score: "log-probability" });
  const model = await cam.emit!(contextOf(network), { image: input }, options);
  await using session = await openSession(encodeModel(model), { backend: "wasm" });
  const results = await session.run({ x: input.tensor });
  const [a, g] = [data(results.relu2), data(results["grad/relu2"])];
  const { arrays } = await run(network, { target: "3", score: "log-probability" });
  const expected = Array.from({ length: AREA }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < 8; k++) sum += g[k * AREA] * a[k * AREA + i];
    return sum;
  });
  data(arrays.cam).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
});

test("cam says in one sentence what it cannot map", async () => {
  await using network = await open();
  await expect(run(network, { layer: "mean" })).rejects.toMatchObject({
    kind: "invalid-options",
    message: 'Cannot map "mean": its shape is [1,8,1,1], expected [1, channels, height, width] ' +
      "with more than one position",
  });
  const options = camOptions.parse({ method: "scorecam" });
  await expect(cam.emit!(contextOf(network), { image: input }, options)).rejects.toThrow(
    "Cannot write the model of scorecam",
  );
  const beside = headNet((b, layer) => {
    b.output(b.op("Sigmoid", [layer], {}, "beside"));
    return scores(b, b.op("Flatten", [b.op("GlobalAveragePool", [layer])]), 4);
  });
  await using aside = await openBytes(beside);
  await expect(run(aside, { layer: "beside" })).rejects.toThrow(
    'Cannot map "beside": the scores do not depend on it, expected a layer between the image and ' +
      '"logits"',
  );
  await using flat = await openBytes(headNet((b) => scores(b, b.op("Flatten", ["x"]), 3 * AREA)));
  await expect(run(flat, {})).rejects.toThrow("Cannot choose a layer of");
  await using broken = await open({ firstWeight: NaN });
  await expect(run(broken, { target: "1" })).rejects.toThrow(/NaN, expected/);
});

test("a saturated probability is told, and the logit works", async () => {
  const sure = headNet((b, layer) => {
    const flat = b.op("Flatten", [b.op("GlobalAveragePool", [layer])]);
    return b.op("Softmax", [scores(b, flat, 4, 1e4)], { axis: 1 }, "prob");
  });
  await using network = await openBytes(sure);
  await expect(run(network, { score: "log-probability" })).rejects.toMatchObject({
    kind: "invalid-options",
    message: expect.stringContaining("the probability is saturated; take the logit"),
  });
  const { arrays } = await run(network, {});
  expect(data(arrays.cam).some((value) => value !== 0)).toBe(true);
});

test("a unit is explained by the layer below it, a sum of classes by the difference of their maps", async () => {
  await using network = await open();
  const of = async (target: string, options: Record<string, unknown> = {}) =>
    await run(network, { target, ...options });
  const unit = await of("conv2:1:4:5");
  expect(unit.measures).toMatchObject({ layer: "relu1", quantity: "activation" });
  const [a, b, both] = await Promise.all(
    ["3", "1", "3 - 2*1"].map(async (target) => data((await of(target)).arrays.cam)),
  );
  both.forEach((value, i) => expect(value).toBeCloseTo(a[i] - 2 * b[i], 5));
  const same = await of("3 - 2*1", { method: "scorecam" });
  expect(same.measures.quantity).toBe("sum of logits");
  await expect(of("relu1:2", { layer: "relu2" })).rejects.toThrow(
    'Cannot map "relu2": the scores do not depend on it, expected a layer between the image and ' +
      '"relu1"',
  );
});
