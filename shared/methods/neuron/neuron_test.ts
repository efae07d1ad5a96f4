import { runMethod } from "../../contract/run_method.ts";
import { expect, test } from "vitest";
import { convNet, randomTensor } from "../../../tests/networks.ts";
import { deprocess, manifestFor } from "../../models/mod.ts";
import { openNetwork } from "../../network/open_network.ts";
import type { Corpus } from "../../contract/method.ts";
import { neuron } from "./mod.ts";
import { neuronOptions } from "./options.ts";

const SIDE = 20;
const manifest = manifestFor({ path: "small.onnx", height: SIDE, width: SIDE });
const open = () =>
  openNetwork({ manifest, bytes: convNet({ height: SIDE, width: SIDE }) }, { backend: "wasm" });

/** Three images of noise, of which the last is the strongest. */
const corpus: Corpus = {
  count: 3,
  nameOf: (index) => `noise ${index}`,
  read(index) {
    const tensor = randomTensor([1, 3, SIDE, SIDE], index + 1, 0.1 * (index + 1));
    return Promise.resolve({ tensor, image: deprocess(tensor, manifest.input) });
  },
};

const run = async (options: Record<string, unknown>, inputs: { corpus?: Corpus } = {}) => {
  await using network = await open();
  return await runMethod(neuron, network, inputs, neuronOptions.parse(options), {});
};

test("neuron() activates a channel everywhere, more from step to step", async () => {
  const first = await run({ unit: "conv2:3", steps: 1 });
  const { measures, images, arrays } = await run({ unit: "conv2:3", steps: 60 });
  expect(measures.meanActivation).toBeGreaterThan(first.measures.meanActivation as number);
  expect(measures).toMatchObject({ layer: "conv2", channel: 3, place: "everywhere" });
  expect(Object.keys(images)[0]).toBe("neuron");
  expect(images.neuron).toMatchObject({ width: SIDE, height: SIDE });
  await using network = await open();
  const { conv2 } = await network.forward(arrays.image, ["conv2"]);
  const plane = (conv2.data as Float32Array).subarray(3 * 400, 4 * 400);
  expect(measures.activation).toBeCloseTo(Math.max(...plane), 5);
});

test.each([
  [{ unit: "conv2:3:4:17" }, [4, 17]],
  [{ unit: "conv2:3", place: "centre" }, [10, 10]],
])("neuron() of %j changes only what the unit sees", async (options, [row, column]) => {
  const { measures, arrays } = await run({ ...options, recipe: "simonyan", steps: 3 });
  expect(measures.place).toEqual([row, column]);
  arrays.image.data.forEach((value, i) => {
    const [y, x] = [Math.floor(i / SIDE) % SIDE, i % SIDE];
    // Two convolutions of 3 x 3 see 5 x 5 pixels.
    if (Math.abs(y - row) > 2 || Math.abs(x - column) > 2) expect(value).toBe(0);
  });
  expect(measures.activation).toBeGreaterThan(0);
});

test("neuron() compares with the patches of a corpus, and counts its images", async () => {
  const { measures, images, arrays } = await run(
    { unit: "relu2:1", steps: 4, count: 2, patches: 2 },
    { corpus },
  );
  await using network = await open();
  const { tensor } = await corpus.read(2);
  const { relu2 } = await network.forward(tensor, ["relu2"]);
  const examples = Math.max(...(relu2.data as Float32Array).subarray(400, 800));
  expect(measures.datasetActivation).toBeCloseTo(examples, 5);
  expect(measures.timesDataset).toBeCloseTo(measures.activation as number / examples, 5);
  expect(measures.datasetImages).toHaveLength(2);
  expect((measures.datasetImages as string[])[0]).toBe("noise 2");
  expect(measures.images).toMatchObject([{ seed: 0 }, { seed: 1 }]);
  expect(Object.keys(images)).toEqual(["neuron", "neuron-2"]);
  expect(Object.keys(arrays)).toEqual(["image", "image-2"]);
});

test("neuron() makes each of several channels as it makes it alone", async () => {
  const fast = { recipe: "fourier-fast", views: "slight", steps: 3 };
  const { measures, images, arrays } = await run({ unit: "conv2:2-4", ...fast });
  const alone = await run({ unit: "conv2:3", ...fast });
  expect(Object.keys(images)).toEqual(["sheet", "neuron-2", "neuron-3", "neuron-4"]);
  expect(images.sheet).toMatchObject({ width: 3 * 56, height: 56 });
  expect(arrays["image-3"]).toEqual(alone.arrays.image);
  expect(arrays["image-4"]).not.toEqual(alone.arrays.image);
  expect(measures.channels).toEqual([2, 3, 4]);
  const { activation } = alone.measures;
  expect(measures.images).toMatchObject([{ channel: 2 }, { channel: 3, activation }, {
    channel: 4,
  }]);
});

test("neuron() on a canvas measures what was made on it", async () => {
  const side = 100;
  await using network = await openNetwork({
    manifest: manifestFor({ path: "small.onnx", height: side, width: side }),
    bytes: convNet({ height: side, width: side }),
  }, { backend: "wasm" });
  const options = neuronOptions.parse({ unit: "conv2:3", canvas: "field", steps: 2 });
  const { measures, images, arrays } = await runMethod(neuron, network, {}, options, {});
  expect(images.neuron).toMatchObject({ width: 96, height: 96 });
  const { conv2 } = await network.forward(arrays.image, ["conv2"]);
  const plane = (conv2.data as Float32Array).subarray(3 * 96 ** 2, 4 * 96 ** 2);
  expect(measures.activation).toBeCloseTo(Math.max(...plane), 5);
});

test.each([
  [{ unit: "conv9:1" }, 'Cannot find the layer "conv9"'],
  [{ unit: "conv2:8" }, 'Cannot pick channel 8 of "conv2": it has 0 to 7'],
  [{ unit: "conv2:1:0:20" }, "Cannot pick the unit at row 0, column 20"],
  [{ unit: "conv2:1:0:2", canvas: "field" }, "choose the canvas input"],
  [{ unit: "conv2:1-2", count: 2 }, "Cannot make several images"],
])("neuron() refuses %j", async (options, message) => {
  await expect(run(options)).rejects.toThrow(message);
});
