import { readFile } from "node:fs/promises";
import { finish } from "../../compute/mod.ts";
import { contextOf, runMethod } from "../../contract/run_method.ts";
import { expect, test } from "vitest";
import { convNet, randomTensor } from "../../../tests/networks.ts";
import { manifestFor } from "../../models/mod.ts";
import { float32 } from "../../tensor/tensor.ts";
import { openNetwork } from "../../network/open_network.ts";
import type { Corpus } from "../../contract/method.ts";
import { distanceOf, featureDistances } from "./feature_distances.ts";
import { invert } from "./invert.ts";
import { inversion } from "./mod.ts";
import { inversionOptions } from "./options.ts";
import { settingsOf } from "./settings.ts";

const GLYPHNET = new URL("../../../models/glyphnet/model.onnx", import.meta.url);
const SIDE = 16;
const manifest = manifestFor({ path: "small.onnx", height: SIDE, width: SIDE });

/** An image within 0..1, as images are for this network. */
const imageOf = (seed: number) => ({
  tensor: float32(
    randomTensor([1, 3, SIDE, SIDE], seed, 0.3).data.map((value) => Math.min(1, Math.abs(value))),
    [1, 3, SIDE, SIDE],
  ),
  image: { width: SIDE, height: SIDE, data: new Uint8ClampedArray(4 * SIDE * SIDE).fill(255) },
});

const corpus: Corpus = {
  count: 6,
  nameOf: (index) => `${index}.png`,
  read: (index) => Promise.resolve(imageOf(20 + index)),
};

const open = () =>
  openNetwork({ manifest, bytes: convNet({ height: SIDE, width: SIDE }) }, { backend: "wasm" });

interface LayerMeasures {
  layer: string;
  prior: string;
  shift: number;
  zoom: number;
  optimizer: string;
  tv: number;
  alpha: number;
  relativeErrors: number[];
  ranks: number[];
  startDistance: number;
  relativeStartDistance: number;
  psnr: number[];
}

async function run(options: Record<string, unknown>, { isBare = true, context = {} } = {}) {
  await using network = await open();
  const inputs = { image: imageOf(20), ...isBare ? {} : { corpus } };
  const result = await runMethod(
    inversion,
    network,
    inputs,
    inversionOptions.parse(options),
    context,
  );
  return { ...result, layers: result.measures.layers as unknown as LayerMeasures[] };
}

test.each(["adam", "momentum"])(
  "inversion() by %s reaches the features of a layer",
  async (optimizer) => {
    const pixels = { prior: "published", optimizer, tv: 0, alpha: 0 };
    const options = { layer: "relu1", ...pixels, restarts: 1, steps: 400 };
    const { layers: [made], images, arrays } = await run(options);
    expect(made.relativeErrors[0]).toBeLessThan(0.2);
    expect(Object.keys(images)).toEqual(["inversion"]);
    expect(images.inversion).toMatchObject({ width: SIDE, height: SIDE });
    expect(arrays.images.dims).toEqual([1, 1, 3, SIDE, SIDE]);
    expect(arrays.errors.data[0]).toBeCloseTo(made.relativeErrors[0], 6);
  },
);

test("inversion() of all layers is a sweep: deeper features leave the restarts further apart", async () => {
  const pixels = { prior: "published", tv: 0 };
  const { layers, images, arrays } = await run({
    ...{ layer: "all", restarts: 2, steps: 120 },
    ...pixels,
  });
  expect(layers.map(({ layer }) => layer)).toEqual(["conv1", "relu1", "conv2", "relu2", "mean"]);
  const [conv1] = layers;
  const mean = layers.at(-1)!;
  expect(mean.startDistance).toBeGreaterThan(2 * conv1.startDistance);
  expect(mean.relativeStartDistance).toBeGreaterThan(2 * conv1.relativeStartDistance);
  expect(mean.relativeStartDistance).toBeLessThan(1.6);
  expect(mean.psnr[0]).toBeLessThan(conv1.psnr[0]);
  expect(Object.keys(images).slice(0, 2)).toEqual(["conv1", "conv1-2"]);
  expect(arrays.images.dims).toEqual([5, 2, 3, SIDE, SIDE]);
});

test("inversion() assumes more of deeper layers, unless told how much", async () => {
  const settings = async (options: Record<string, unknown>) => {
    const published = { prior: "published", restarts: 1, steps: 1 };
    const { layers: [{ tv, alpha }] } = await run({ ...published, ...options });
    return { tv, alpha };
  };
  // A third, two thirds and all of the three layers with weights.
  expect((await settings({ layer: "conv1" })).tv).toBeCloseTo(0.1 * 10 ** ((1 / 3 - 0.25) / 0.3));
  expect((await settings({ layer: "conv2" })).tv).toBeCloseTo(0.1 * 10 ** ((2 / 3 - 0.25) / 0.3));
  expect(await settings({ layer: "logits" })).toEqual({ tv: 10, alpha: 0 });
  expect(await settings({ layer: "logits", optimizer: "momentum" })).toEqual({ tv: 10, alpha: 1 });
  expect(await settings({ tv: 2, alpha: 0.5 })).toEqual({ tv: 2, alpha: 0.5 });
});

test("inversion() assumes natural images but of the first layers, and views by what a layer knows of places", async () => {
  const settings = async (options: Record<string, unknown>) => {
    const { layers: [{ prior, shift, zoom }] } = await run({ restarts: 1, steps: 1, ...options });
    return { prior, shift, zoom };
  };
  // Of three layers with weights, the first is a third of the depth; of eight, the second a quarter.
  expect((await settings({ layer: "conv1" })).prior).toBe("fourier");
  const bytes = new Uint8Array(await readFile(GLYPHNET));
  const deep = manifestFor({ path: "glyphnet.onnx", height: 96, width: 96 });
  await using network = await openNetwork({ manifest: deep, bytes }, { backend: "wasm" });
  const priorOf = (layer: string) =>
    settingsOf(network, network.resolveLayer(layer), inversionOptions.parse({})).prior;
  expect(["conv1", "conv2", "conv3", "fc8"].map(priorOf)).toEqual([
    ...["published", "published"],
    ...["fourier", "fourier"],
  ]);
  expect(await settings({ layer: "logits" })).toEqual({
    ...{ prior: "fourier", zoom: 0.2 },
    shift: expect.closeTo(0.054 * SIDE),
  });
  // 16 positions in 16 pixels: a quarter of a pixel to each side.
  const { shift } = await settings({ layer: "conv1", prior: "fourier" });
  expect(shift).toBeCloseTo(0.25);
});

test("inversion() by the spectrum reaches the features of a layer", async () => {
  const { layers: [made], images, arrays } = await run({
    ...{ layer: "mean", prior: "fourier", restarts: 1 },
  });
  expect(made.relativeErrors[0]).toBeLessThan(0.2);
  expect(images.inversion).toMatchObject({ width: SIDE, height: SIDE });
  // Levels are those that an image can have: the network takes 0 to 1.
  const levels = arrays.images.data as Float32Array;
  expect(Math.min(...levels)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...levels)).toBeLessThanOrEqual(1);
});

test("inversion() is the same for a seed, and seeds are restarts", async () => {
  const options = { layer: "conv2", steps: 10 };
  const [two, second] = [await run({ ...options, seed: 4 }), await run({ ...options, seed: 5 })];
  const size = 3 * SIDE * SIDE;
  const data = two.arrays.images.data as Float32Array;
  expect(data.subarray(size)).toEqual(
    (second.arrays.images.data as Float32Array).subarray(0, size),
  );
  expect(data.subarray(size)).not.toEqual(data.subarray(0, size));
});

test("inversion() says how near the original is among the images of a folder", async () => {
  const options = { layer: "relu1", restarts: 2 };
  const { layers: [made], measures } = await run(options, { isBare: false });
  expect(made.ranks).toEqual([1, 1]);
  expect(measures.compared).toBe(corpus.count);
  const poor = await run({ ...options, steps: 1 }, { isBare: false });
  expect(Math.max(...poor.layers[0].ranks)).toBeGreaterThan(1);
});

test("featureDistances() takes the mean over pairs, and leaves out the original", async () => {
  await using network = await open();
  const { tensor } = imageOf(20);
  const options = inversionOptions.parse({ steps: 1, restarts: 1 });
  const context = contextOf(network);
  const [made] = await finish(invert(context, ["relu1"], tensor, options));
  const two = { ...corpus, count: 2 };
  const [found] = await finish(
    featureDistances(context, [made], two, { compare: 9, seed: 0 }),
  );
  const { relu1: other } = await network.forward(imageOf(21).tensor, ["relu1"]);
  const apart = distanceOf(other.data as Float32Array, made.features.data as Float32Array);
  expect(found.pairDistance).toBeCloseTo(apart, 3);
  const [start] = made.restarts;
  const toOther = distanceOf(start.features, other.data as Float32Array);
  expect(found.ranks).toEqual([toOther < start.distance ? 2 : 1]);
});

test("inversion() shows how far it is, and stops when told", async () => {
  const controller = new AbortController();
  const seen: (readonly [number, number])[] = [];
  const onProgress = ({ done, total }: { done: number; total: number }) => {
    seen.push([done, total]);
    if (done === 3) controller.abort(new Error("enough"));
  };
  const running = run({ layer: "conv1", steps: 4 }, {
    context: { signal: controller.signal, onProgress },
  });
  await expect(running).rejects.toThrow("enough");
  expect(seen).toEqual([[1, 8], [2, 8], [3, 8]]);
});

test("inversion() refuses a layer that is not there", async () => {
  await expect(run({ layer: "conv9" })).rejects.toThrow('Cannot find the layer "conv9"');
});
