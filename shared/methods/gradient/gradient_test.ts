import { contextOf, runMethod } from "../../contract/run_method.ts";
import { expect, test } from "vitest";
import {
  convNet,
  type ConvNetOptions,
  listedManifest,
  randomTensor,
} from "../../../tests/networks.ts";
import { decodeImage } from "../../image/mod.ts";
import { preprocess } from "../../models/mod.ts";
import { encodeModel } from "../../onnx/mod.ts";
import { openSession } from "../../runtime/mod.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";
import { Network } from "../../network/network.ts";
import { openNetwork } from "../../network/open_network.ts";
import type { MethodInput } from "../../contract/method.ts";
import { gradient } from "./mod.ts";
import { gradientOptions } from "./options.ts";
import { maxOverChannels } from "./figures.ts";

const SIDE = 12;

const input: MethodInput = {
  tensor: randomTensor([1, 3, SIDE, SIDE], 4),
  image: { width: SIDE, height: SIDE, data: new Uint8ClampedArray(SIDE * SIDE * 4).fill(200) },
};

function open(options: ConvNetOptions = {}): Promise<Network> {
  const manifest = {
    id: "small",
    input: {
      height: SIDE,
      width: SIDE,
      resize: { shortSide: SIDE, filter: "bilinear" as const },
      channelOrder: "RGB" as const,
      scale: 1,
      mean: [0, 0, 0],
      std: [1, 1, 1],
    },
  };
  return openNetwork({ manifest, bytes: convNet(options) }, { backend: "wasm" });
}

async function run(network: Network, options: Record<string, unknown>, context = {}) {
  return await runMethod(
    gradient,
    network,
    { image: input },
    gradientOptions.parse(options),
    context,
  );
}

const data = (tensor: Tensor) => tensor.data as Float32Array;

/** The value of a tensor's element at an input moved along `direction`. */
async function difference(
  direction: Float32Array,
  valueOf: (x: Tensor<"float32">) => Promise<number>,
): Promise<number> {
  const step = 1e-2;
  const at = (amount: number) =>
    valueOf(float32(input.tensor.data.map((v, i) => v + amount * direction[i]), input.tensor.dims));
  return (await at(step) - await at(-step)) / (2 * step);
}

const dot = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, value, i) => sum + value * b[i], 0);

test("gradient() of a class and of a unit equals a difference along it", async () => {
  await using network = await open();
  const cases = [
    { options: { target: "3" }, layer: "logits", at: 3 },
    { options: { unit: "conv2:5:4:7" }, layer: "conv2", at: 5 * SIDE * SIDE + 4 * SIDE + 7 },
  ];
  for (const { options, layer, at } of cases) {
    const { arrays, measures } = await run(network, options);
    const g = data(arrays.gradient);
    const size = Math.hypot(...g);
    const direction = g.map((value) => value / size);
    const numeric = await difference(
      direction,
      async (x) => data((await network.forward(x, [layer]))[layer])[at],
    );
    // The step may cross kinks of rectifiers.
    expect(Math.abs(numeric - dot(g, direction))).toBeLessThan(0.02 * size);
    expect(data(arrays.output)[at]).toBeCloseTo(measures.value as number, 4);
    expect(measures.l2Norm).toBeCloseTo(size, 4);
  }
});

test("gradient() of a channel sums over its positions, and energy is half the sum of squares", async () => {
  await using network = await open();
  const channel = await run(network, { unit: "conv2:5" });
  const area = SIDE * SIDE;
  const plane = data(channel.arrays.output).subarray(5 * area, 6 * area);
  expect(channel.measures.value).toBeCloseTo(plane.reduce((a, b) => a + b, 0), 3);
  const { arrays, measures } = await run(network, { energy: "conv2" });
  const expected = data(arrays.output).reduce((sum, a) => sum + a * a / 2, 0);
  expect((measures.value as number) / expected).toBeCloseTo(1, 5);
});

test("gradient() emits the model that it runs", async () => {
  await using network = await open();
  const options = gradientOptions.parse({ target: "3", rule: "guided" });
  const { arrays } = await runMethod(gradient, network, { image: input }, options, {});
  const model = await gradient.emit!(contextOf(network), { image: input }, options);
  await using session = await openSession(encodeModel(model), { backend: "wasm" });
  const { "grad/x": emitted } = await session.run({ x: input.tensor });
  expect(emitted.data).toEqual(arrays.gradient.data);
});

test("gradient() with samples is the mean over noisy copies, seeded, with progress", async () => {
  await using network = await open();
  const options = { target: "1", samples: 3, noise: 0.1, seed: 5 };
  const steps: number[] = [];
  const onProgress = ({ done }: { done: number }) => steps.push(done);
  const first = await run(network, options, { onProgress });
  const again = await run(network, options);
  const other = await run(network, { ...options, seed: 6 });
  expect(steps).toEqual([0, 1, 2, 3]);
  expect(again.arrays.gradient.data).toEqual(first.arrays.gradient.data);
  expect(other.arrays.gradient.data).not.toEqual(first.arrays.gradient.data);
  const still = await run(network, { ...options, noise: 0 });
  const plain = await run(network, { target: "1" });
  data(still.arrays.gradient).forEach((value, i) =>
    expect(value).toBeCloseTo(data(plain.arrays.gradient)[i], 6)
  );
});

test("gradient() stops when told", async () => {
  await using network = await open();
  const controller = new AbortController();
  const onProgress = () => controller.abort(new Error("enough"));
  await expect(run(network, { samples: 100 }, { signal: controller.signal, onProgress })).rejects
    .toThrow("enough");
});

test.each([
  [{ target: "1", energy: "conv1" }, "Cannot differentiate: give only one of target and energy"],
  [{ unit: "conv2" }, 'Cannot find the unit "conv2": expected <layer>:<channel> or'],
  [{ unit: "conv9:1" }, 'Cannot find the layer "conv9"'],
  [{ unit: "conv2:8" }, 'Cannot pick channel 8 of "conv2": it has 0 to 7'],
  [{ unit: "logits:1:0:0" }, 'Cannot pick a row of "logits": its shape is [1,5]'],
  [{ energy: "nothing" }, 'Cannot find the layer "nothing"'],
])("gradient() refuses %j", async (options, message) => {
  await using network = await open();
  await expect(run(network, options)).rejects.toThrow(message);
});

test("maxOverChannels() keeps the largest value over the channels", () => {
  expect([...maxOverChannels(Float32Array.of(1, 5, 4, 2), 2, 2)]).toEqual([4, 5]);
});

/** glyphnet, the network that comes with the project, and a scene it knows. */
async function openGlyphnet() {
  const manifest = listedManifest("glyphnet");
  const folder = new URL("../../../models/glyphnet/", import.meta.url);
  const bytes = await Deno.readFile(new URL("model.onnx", folder));
  const image = await decodeImage(await Deno.readFile(new URL("samples/flamingo.png", folder)));
  return {
    network: await openNetwork({ manifest, bytes }, { backend: "wasm" }),
    image: preprocess(image, manifest.input),
  };
}

test("plain gradients change with the weights of the scores; guided ones hardly do", async () => {
  const { network, image } = await openGlyphnet();
  await using _network = network;
  const correlations = async (rule: string, options: Record<string, unknown> = {}) => {
    const { measures, figures } = await runMethod(
      gradient,
      network,
      { image },
      gradientOptions.parse({ rule, sanity: true, ...options }),
      {},
    );
    expect(figures.sanity.panels).toHaveLength(1 + (measures.sanity as unknown[]).length);
    return measures.sanity as unknown as { layer: string; sizes: number; values: number }[];
  };
  const plain = await correlations("plain");
  expect(plain.map(({ layer }) => layer)).toEqual(
    ["fc8", "fc7", "fc6", "conv5", "conv4", "conv3", "conv2", "conv1"],
  );
  const guided = await correlations("guided");
  const deconvnet = await correlations("deconvnet");
  expect(Math.abs(plain[0].values)).toBeLessThan(0.5);
  expect(plain[0].sizes).toBeLessThan(0.65);
  expect(guided[2].values).toBeGreaterThan(0.75);
  expect(guided[2].sizes).toBeGreaterThan(plain[2].sizes + 0.2);
  expect(deconvnet[2].values).toBeGreaterThan(0.6);
  expect(plain[7].sizes).toBeLessThan(plain[0].sizes);
  expect(await correlations("plain")).toEqual(plain);
  expect(await correlations("plain", { seed: 1 })).not.toEqual(plain);
});

test("the gradient of a layer is checked with the weights below it only", async () => {
  await using network = await open();
  const { measures } = await run(network, { unit: "conv1:2:5:5", sanity: true });
  expect(measures.sanity).toMatchObject([{ layer: "conv1", layers: 1 }]);
  const { measures: plain } = await run(network, { target: "1" });
  expect(plain.sanity).toBeUndefined();
});

test("gradient() refuses a network whose weights are no numbers", async () => {
  await using network = await open({ firstWeight: NaN });
  await expect(run(network, { target: "1" })).rejects.toThrow(
    'Cannot explain the scores: "logits" has the value NaN, expected finite numbers',
  );
  await expect(run(network, { unit: "conv2:1:5:5" })).rejects.toThrow(
    "Cannot show the gradient of conv2:1:5:5: its activation has the value NaN, expected finite numbers",
  );
});

test("a gradient that is 0 everywhere is no grey map, but an error that says why", async () => {
  await using network = await open();
  const { relu2 } = await network.forward(input.tensor, ["relu2"]);
  const dead = data(relu2).indexOf(0);
  const [channel, rest] = [Math.floor(dead / (SIDE * SIDE)), dead % (SIDE * SIDE)];
  const unit = `relu2:${channel}:${Math.floor(rest / SIDE)}:${rest % SIDE}`;
  for (const options of [{ unit }, { target: unit }]) {
    await expect(run(network, options)).rejects.toThrow(
      `Cannot show the gradient of ${unit}: the gradient of its activation by the image is 0 ` +
        "everywhere, expected one that is not: it is saturated, or rectifiers on the way are dead",
    );
  }
});

test("a target names what unit and a difference of gradients do", async () => {
  await using network = await open();
  const of = async (options: Record<string, unknown>) =>
    data((await run(network, options)).arrays.gradient);
  expect(await of({ target: "conv2:5:4:7" })).toEqual(await of({ unit: "conv2:5:4:7" }));
  const [a, b] = [await of({ target: "3" }), await of({ target: "1" })];
  const both = await of({ target: "3 - 0.5*1" });
  both.forEach((value, i) => expect(value).toBeCloseTo(a[i] - 0.5 * b[i], 5));
});
