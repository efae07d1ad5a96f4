import { runMethod, type RunMethodOptions } from "../../contract/run_method.ts";
import { expect, test } from "vitest";
import { convNet, randomTensor } from "../../../tests/networks.ts";
import { manifestFor } from "../../models/mod.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { openNetwork } from "../../network/open_network.ts";
import type { Checkpoint, Corpus } from "../../contract/method.ts";
import { patches } from "./mod.ts";
import { patchesOptions } from "./options.ts";

const SIDE = 12;
const COUNT = 150;

/** No text and no border has as much. */
const BLUE = 40;

/** Images whose red is the column, green the row and blue the image's number above BLUE. */
const imageOf = (index: number) => {
  const data = new Uint8ClampedArray(SIDE * SIDE * 4);
  for (let i = 0; i < SIDE * SIDE; i++) {
    data.set([i % SIDE, Math.floor(i / SIDE), BLUE + index, 255], 4 * i);
  }
  return { width: SIDE, height: SIDE, data };
};

const tensorOf = (index: number) => randomTensor([1, 3, SIDE, SIDE], 100 + index);

const corpusOf = (count = COUNT): Corpus => ({
  count,
  nameOf: (index) => `${index}.png`,
  read: (index) => Promise.resolve({ tensor: tensorOf(index), image: imageOf(index) }),
});

const open = () => {
  const manifest = manifestFor({ path: "small.onnx", height: SIDE, width: SIDE });
  return openNetwork({ manifest, bytes: convNet() }, { backend: "wasm" });
};

async function run(
  options: Record<string, unknown>,
  corpus = corpusOf(),
  context: RunMethodOptions = {},
) {
  await using network = await open();
  return await runMethod(patches, network, { corpus }, patchesOptions.parse(options), context);
}

const numbers = ({ data }: Tensor) => Array.from(data, Number);

test("patches() equal brute force, most and least exciting, with places and boxes", async () => {
  await using network = await open();
  const corpus = corpusOf(40);
  const options = patchesOptions.parse({ layer: "conv2", count: 4, channels: "5,0-1" });
  const { arrays, measures } = await runMethod(patches, network, { corpus }, options, {});
  const all = [];
  for (let image = 0; image < 40; image++) {
    const { conv2 } = await network.forward(tensorOf(image), ["conv2"]);
    all.push(conv2.data as Float32Array);
  }
  const area = SIDE * SIDE;
  for (const [row, channel] of [5, 0, 1].entries()) {
    const maxima = all.map((data, image) => {
      const map = data.subarray(channel * area, (channel + 1) * area);
      const value = Math.max(...map);
      return { image, value, at: map.indexOf(value) };
    });
    const byValue = maxima.toSorted((a, b) => b.value - a.value);
    for (const [prefix, expected] of [["", byValue], ["least_", byValue.toReversed()]] as const) {
      const part = (name: string, size = 1) =>
        numbers(arrays[prefix + name]).slice(row * 4 * size, (row + 1) * 4 * size);
      const first = expected.slice(0, 4);
      expect(part("images")).toEqual(first.map(({ image }) => image));
      expect(part("activations")).toEqual(first.map(({ value }) => value));
      expect(part("positions", 2)).toEqual(
        first.flatMap(({ at }) => [Math.floor(at / SIDE), at % SIDE]),
      );
      expect(part("boxes", 4)).toEqual(first.flatMap(({ at }) => {
        const [y, x] = [Math.floor(at / SIDE), at % SIDE];
        const [left, top] = [Math.max(0, x - 2), Math.max(0, y - 2)];
        return [left, top, Math.min(SIDE, x + 3) - left, Math.min(SIDE, y + 3) - top];
      }));
    }
  }
  expect(measures).toMatchObject({ channels: [5, 0, 1], field: { width: 5, height: 5 } });
});

test("the sheets have a row of the images' own pixels for each channel", async () => {
  const corpus = corpusOf(20);
  const { images, arrays, measures } = await run({ layer: "conv1", count: 3 }, corpus);
  const { rowHeight } = measures as unknown as { rowHeight: number };
  expect(images.least.height).toBe(images.top.height);
  expect(images.top.height).toBe(8 * rowHeight);
  const ranked = numbers(arrays.images);
  const { width, data } = images.top;
  for (const row of [0, 7]) {
    const middle = Math.round((row + 0.5) * rowHeight);
    const blues = Array.from({ length: width }, (_, x) => data.subarray(4 * (middle * width + x)))
      .filter(([r, g]) => r < SIDE && g < SIDE).map(([, , b]) => b - BLUE)
      .filter((index) => index >= 0);
    expect([...new Set(blues)]).toEqual(ranked.slice(3 * row, 3 * row + 3));
  }
});

test("a run that was stopped goes on where it was, with the same result", async () => {
  let saved: Uint8Array | undefined;
  const reads: number[] = [];
  const corpus: Corpus = {
    ...corpusOf(),
    read: (index) => {
      reads.push(index);
      return corpusOf().read(index);
    },
  };
  const checkpoint: Checkpoint = {
    load: () => Promise.resolve(saved),
    save: (bytes) => {
      saved = bytes;
      return Promise.resolve();
    },
  };
  const options = { layer: "conv2", count: 2 };
  const controller = new AbortController();
  const onProgress = ({ done }: { done: number }) => {
    if (done === 100) controller.abort(new Error("enough"));
  };
  const context = { checkpoint, onProgress, signal: controller.signal };
  await expect(run(options, corpus, context)).rejects.toThrow("enough");
  // Some are read ahead of the ranking.
  expect(reads.at(-1)).toBeGreaterThanOrEqual(99);
  expect(reads.at(-1)).toBeLessThan(128);
  reads.length = 0;
  const resumed = await run(options, corpus, { checkpoint });
  expect(reads[0]).toBe(0);
  expect(reads[1]).toBe(64);
  expect(resumed).toEqual(await run(options));
  reads.length = 0;
  const other = await run({ ...options, layer: "conv1" }, corpus, { checkpoint });
  expect(reads[1]).toBe(1);
  expect(other).toEqual(await run({ ...options, layer: "conv1" }));
});

test("patches() of fewer images than asked for, and what it refuses", async () => {
  const { arrays } = await run({ layer: "conv1", count: 9 }, corpusOf(2));
  expect(arrays.activations.dims).toEqual([8, 2]);
  await expect(run({}, corpusOf(0))).rejects.toThrow("Cannot rank images: there are none");
  await expect(run({ channels: "8" })).rejects.toThrow(
    'Cannot use the channels "8": the layer "conv1" has the channels 0 to 7',
  );
  const broken: Corpus = {
    ...corpusOf(3),
    read: async (index) => {
      const input = await corpusOf().read(index);
      if (index === 2) input.tensor.data.fill(NaN);
      return input;
    },
  };
  await expect(run({}, broken)).rejects.toThrow(
    'Cannot rank images: "2.png" gives channel 0 an activation that is not a number',
  );
});
