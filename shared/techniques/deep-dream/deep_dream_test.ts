import { expect, test } from "vitest";
import { convNet, randomTensor } from "../../../tests/networks.ts";
import { manifestFor } from "../../models/mod.ts";
import { float32 } from "../../tensor/tensor.ts";
import { openNetwork } from "../network.ts";
import { deepDream } from "./mod.ts";
import { deepDreamOptions } from "./options.ts";
import { clamp, combine, roll, zoomTo } from "./planes.ts";

const SIDE = 24;

/** Within 0..1, as pictures are for this network: a dream is limited to what a picture can be. */
const tensor = float32(
  randomTensor([1, 3, SIDE, SIDE], 2, 0.2).data.map((value) => Math.min(1, Math.abs(value))),
  [1, 3, SIDE, SIDE],
);

const input = {
  tensor,
  picture: { width: SIDE, height: SIDE, data: new Uint8ClampedArray(SIDE * SIDE * 4).fill(255) },
};

const manifest = manifestFor({ path: "small.onnx", height: SIDE, width: SIDE });
const open = () =>
  openNetwork({ manifest, bytes: convNet({ height: SIDE, width: SIDE }) }, { backend: "wasm" });

const run = async (options: Record<string, unknown>, context = {}) => {
  await using network = await open();
  return await deepDream.run(network, { picture: input }, deepDreamOptions.parse(options), context);
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

test("deepDream() without a step or an octave leaves the picture as it is", async () => {
  const { arrays } = await run({ ...small, octaves: 1, step: 0 });
  (arrays.dream.data as Float32Array).forEach((value, i) =>
    expect(value).toBeCloseTo(input.tensor.data[i], 6)
  );
});

test("deepDream() stops when told", async () => {
  const controller = new AbortController();
  const onProgress = () => controller.abort(new Error("enough"));
  await expect(run(small, { signal: controller.signal, onProgress })).rejects.toThrow("enough");
});

test("roll() there and back is the identity", () => {
  const planes = randomTensor([1, 2, 5, 7], 1);
  expect(roll(roll(planes, 3, -9), -3, 9).data).toEqual(planes.data);
  const row = float32(Float32Array.of(1, 2, 3), [1, 1, 1, 3]);
  expect([...roll(row, 0, 1).data]).toEqual([3, 1, 2]);
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
