import { runMethod, type RunMethodOptions } from "../../contract/run_method.ts";
import { expect, test } from "vitest";
import { convNet, randomTensor } from "../../../tests/networks.ts";
import { manifestFor, preprocessPlaced } from "../../models/mod.ts";
import { encodeModel, ModelBuilder } from "../../onnx/mod.ts";
import { float32 } from "../../tensor/tensor.ts";
import { openNetwork } from "../../network/open_network.ts";
import type { MethodInputs } from "../../contract/method.ts";
import { deepDream, noiseImage } from "./mod.ts";
import { deepDreamOptions } from "./options.ts";
import { clamp, combine, enlargeMiddle, zoomTo } from "./planes.ts";

const SIDE = 24;

/** Within 0..1, as images are for this network: a dream is limited to what an image can be. */
const tensor = float32(
  randomTensor([1, 3, SIDE, SIDE], 2, 0.2).data.map((value) => Math.min(1, Math.abs(value))),
  [1, 3, SIDE, SIDE],
);

const input = {
  tensor,
  image: { width: SIDE, height: SIDE, data: new Uint8ClampedArray(SIDE * SIDE * 4).fill(255) },
};

const manifest = manifestFor({ path: "small.onnx", height: SIDE, width: SIDE });
const open = () =>
  openNetwork({ manifest, bytes: convNet({ height: SIDE, width: SIDE }) }, { backend: "wasm" });

const run = async (
  options: Record<string, unknown>,
  context: RunMethodOptions = {},
  inputs: MethodInputs = { image: input },
) => {
  await using network = await open();
  return await runMethod(deepDream, network, inputs, deepDreamOptions.parse(options), context);
};

const small = { layer: "conv2", octaves: 2, iterations: 4, jitter: 3, step: 2 };

test("deepDream() raises the energy in every octave, with progress", async () => {
  const steps: number[] = [];
  const { measures, arrays } = await run(small, {
    onProgress: ({ done }: { done: number }) => steps.push(done),
  });
  const octaves = measures.octaves as unknown as { height: number; first: number; last: number }[];
  expect(octaves.map(({ height }) => height)).toEqual([17, 24]);
  for (const { first, last } of octaves) expect(last).toBeGreaterThan(first);
  expect(arrays.dream.dims).toEqual([1, 3, SIDE, SIDE]);
  expect(steps).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test("deepDream() is the same for a seed, and another for another", async () => {
  const [first, again, other] = [
    await run(small),
    await run(small),
    await run({ ...small, seed: 1 }),
  ];
  expect(again.arrays.dream.data).toEqual(first.arrays.dream.data);
  expect(other.arrays.dream.data).not.toEqual(first.arrays.dream.data);
});

test("deepDream() without a step or an octave leaves the image as it is", async () => {
  const { arrays } = await run({ ...small, octaves: 1, step: 0 });
  (arrays.dream.data as Float32Array).forEach((value, i) =>
    expect(value).toBeCloseTo(input.tensor.data[i], 6)
  );
});

test("deepDream() is led by a guide", async () => {
  const guide = { ...input, tensor: randomTensor([1, 3, SIDE, SIDE], 7) };
  const first = await run(small, {}, { image: input, guide });
  const octaves = first.measures.octaves as unknown as { first: number; last: number }[];
  expect(first.measures.raises).toBe("match with the guide");
  for (const { first, last } of octaves) expect(last).toBeGreaterThan(first);
  const other = await run(small, {}, { image: input, guide: { ...guide, tensor } });
  expect(other.arrays.dream.data).not.toEqual(first.arrays.dream.data);
});

test("deepDream() without an image begins with noise around mid grey, by the seed", async () => {
  const still = { ...small, octaves: 1, step: 0 };
  const [first, other] = [await run(still, {}, {}), await run({ ...still, seed: 3 }, {}, {})];
  await using network = await open();
  const noise = noiseImage(network, 0);
  expect(Array.from(noise.data).reduce((a, b) => a + b) / noise.data.length).toBeCloseTo(0.5, 2);
  expect(first.arrays.dream.dims).toEqual(noise.dims);
  (first.arrays.dream.data as Float32Array).forEach((value, i) =>
    expect(value).toBeCloseTo(noise.data[i], 6)
  );
  expect(other.arrays.dream.data).not.toEqual(first.arrays.dream.data);
});

test("deepDream() zooms into itself frame by frame, and is larger if asked", async () => {
  const steps: number[] = [];
  const options = { ...small, octaves: 1, iterations: 2, enlarge: 2, frames: 3 };
  const onProgress = ({ done }: { done: number }) => steps.push(done);
  const { files, arrays, measures, images } = await run(options, { onProgress });
  expect(arrays.dream.dims).toEqual([1, 3, 2 * SIDE, 2 * SIDE]);
  expect(images.dream.width).toBe(2 * SIDE);
  expect(steps).toEqual([1, 2, 3, 4, 5, 6]);
  expect(measures.strengths).toHaveLength(3);
  const text = new TextDecoder("latin1").decode(files!["zoom.webp"]);
  expect(text.match(/ANMF/g)).toHaveLength(3);
  expect((await run({ ...options, frames: 1 })).files).toBeUndefined();
});

test("deepDream() says when a layer's energy is no number", async () => {
  const broken = { ...input, tensor: { ...tensor, data: tensor.data.map(() => NaN) } };
  await expect(run(small, {}, { image: broken })).rejects.toThrow(
    'Cannot dream of "conv2": its energy has the value NaN, expected finite numbers',
  );
});

test("deepDream() stops when told", async () => {
  const controller = new AbortController();
  const onProgress = () => controller.abort(new Error("enough"));
  await expect(run(small, { signal: controller.signal, onProgress })).rejects.toThrow("enough");
});

test("zoomTo() keeps corners and is linear between them", () => {
  const square = float32(Float32Array.of(0, 2, 4, 6), [1, 1, 2, 2]);
  expect([...zoomTo(square, 3, 3).data]).toEqual([0, 1, 2, 2, 3, 4, 4, 5, 6]);
  const planes = randomTensor([1, 2, 5, 7], 1);
  expect(zoomTo(planes, 5, 7).data).toEqual(planes.data);
});

test("combine() and clamp() work element by element, clamp by channel", () => {
  const a = float32(Float32Array.of(1, 5), [1, 2, 1, 1]);
  expect([...combine(a, a, -2).data]).toEqual([-1, -5]);
  expect([...clamp(a, [{ min: 2, max: 3 }, { min: 0, max: 4 }]).data]).toEqual([2, 4]);
});

test("enlargeMiddle() keeps the middle where it is, and all for a share of 0", () => {
  const planes = randomTensor([1, 2, 5, 7], 1);
  expect(enlargeMiddle(planes, 0).data).toEqual(planes.data);
  const row = float32(Float32Array.of(0, 1, 2, 3, 4), [1, 1, 1, 5]);
  expect([...enlargeMiddle(row, 0.5).data]).toEqual([1, 1.5, 2, 2.5, 3]);
});

test("deepDream() dreams into the whole image at its own size, at most as large as asked", async () => {
  const data = new Uint8ClampedArray(40 * 30 * 4).map((_, i) => i % 4 === 3 ? 255 : i * 7 % 256);
  const image = preprocessPlaced({ width: 40, height: 30, data }, manifest.input);
  const dream = async (side: number) =>
    (await run({ ...small, side }, {}, { image })).arrays.dream.dims;
  expect(await dream(2048)).toEqual([1, 3, 30, 40]);
  expect(await dream(32)).toEqual([1, 3, 24, 32]);
});

test("deepDream() leaves out the octaves of a layer that is made for one size", async () => {
  const b = new ModelBuilder();
  const flat = b.op("Flatten", [b.input("x", ["N", 3, SIDE, SIDE])]);
  const weights = b.constant(randomTensor([3 * SIDE * SIDE, 4], 1), "w");
  b.output(b.op("MatMul", [flat, weights], {}, "scores"));
  await using network = await openNetwork(
    { manifest, bytes: encodeModel(b.build()) },
    { backend: "wasm" },
  );
  const dream = (octaves: number) => {
    const options = deepDreamOptions.parse({ ...small, layer: "scores", octaves, iterations: 1 });
    return runMethod(deepDream, network, { image: input }, options, {});
  };
  // At 17 x 17 the layer cannot be computed: that octave is left out.
  expect((await dream(2)).measures.octaves).toHaveLength(1);
  expect((await dream(1)).arrays.dream.dims).toEqual([1, 3, SIDE, SIDE]);
});
