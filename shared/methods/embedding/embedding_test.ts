import { runMethod, type RunMethodOptions } from "../../contract/run_method.ts";
import { expect, test } from "vitest";
import { convNet, randomTensor } from "../../../tests/networks.ts";
import { manifestFor } from "../../models/mod.ts";
import { float32 } from "../../tensor/tensor.ts";
import { openNetwork } from "../../network/open_network.ts";
import type { Corpus } from "../../contract/method.ts";
import { embedding } from "./mod.ts";
import { embeddingOptions } from "./options.ts";

const SIDE = 12;
const KINDS = 3;

/** Images of three kinds with a little noise, so that kinds are far apart for any network. */
const corpusOf = (count: number): Corpus => ({
  count,
  nameOf: (index) => `${index}.png`,
  labelOf: (index) => `kind ${index % KINDS}`,
  read: (index) => {
    const kind = randomTensor([1, 3, SIDE, SIDE], index % KINDS, 3).data;
    const noise = randomTensor([1, 3, SIDE, SIDE], 50 + index, 0.1).data;
    const data = new Uint8ClampedArray(4 * SIDE * SIDE).fill(40 * (index % KINDS));
    return Promise.resolve({
      tensor: float32(kind.map((value, i) => value + noise[i]), [1, 3, SIDE, SIDE]),
      image: { width: SIDE, height: SIDE, data },
    });
  },
});

async function run(
  options: Record<string, unknown>,
  corpus = corpusOf(30),
  context: RunMethodOptions = {},
) {
  const manifest = manifestFor({ path: "small.onnx", height: SIDE, width: SIDE });
  await using network = await openNetwork({ manifest, bytes: convNet() }, { backend: "wasm" });
  return await runMethod(embedding, network, { corpus }, embeddingOptions.parse(options), context);
}

test.each(["tsne", "umap", "pca"])(
  "%s keeps kinds together, and is the same for a seed",
  async (method) => {
    const options = { method, iterations: 300 };
    const { arrays, measures, images } = await run(options);
    expect(measures.labelAccuracyOfFeatures).toBe(1);
    expect(measures.labelAccuracy).toBe(1);
    expect(measures.layer).toBe("flat");
    expect(arrays.features.dims).toEqual([30, 8]);
    expect(arrays.points.dims).toEqual([30, 2]);
    const cells = Array.from(
      { length: 30 },
      (_, i) => arrays.cells.data.slice(2 * i, 2 * i + 2).join(),
    );
    expect(new Set(cells).size).toBe(30);
    expect([images.atlas.width, images.atlas.height]).toEqual([6 * 32, 5 * 32]);
    const again = await run(options);
    expect([again.arrays, again.measures]).toEqual([arrays, measures]);
  },
);

test("another seed is another start of UMAP", async () => {
  const [first, second] = [await run({ method: "umap" }), await run({ method: "umap", seed: 1 })];
  expect(second.arrays.points.data).not.toEqual(first.arrays.points.data);
});

test("features of a layer with positions are their means, or all of them", async () => {
  const [mean, flat] = [
    await run({ layer: "conv1", method: "pca" }),
    await run({ layer: "conv1", method: "pca", spatial: "flat" }),
  ];
  expect(flat.arrays.features.dims).toEqual([30, 8 * SIDE * SIDE]);
  const plane = Array.from(flat.arrays.features.data.slice(0, SIDE * SIDE), Number);
  const expected = plane.reduce((a, b) => a + b, 0) / plane.length;
  expect(Number(mean.arrays.features.data[0])).toBeCloseTo(expected, 4);
});

test.each(["cosine", "correlation"])("by %s features's length does not count", async (metric) => {
  const corpus = corpusOf(12);
  const louder: Corpus = {
    ...corpus,
    read: async (index) => {
      const { tensor, image } = await corpus.read(index);
      const factor = index % 2 === 0 ? 1 : 4;
      return { tensor: float32(tensor.data.map((v) => factor * v), tensor.dims), image };
    },
  };
  const options = { metric, layer: "relu1", method: "pca" };
  const [plain, loud] = [await run(options, corpus), await run(options, louder)];
  loud.arrays.points.data.forEach((value, i) =>
    expect(Number(value)).toBeCloseTo(Number(plain.arrays.points.data[i]), 4)
  );
});

test("few images have fewer neighbours; too few are refused with how many are needed", async () => {
  const { measures } = await run({ method: "umap" }, corpusOf(10));
  expect(measures).toMatchObject({ umapNeighbours: 9, neighbours: 4 });
  expect((await run({ iterations: 10 }, corpusOf(10))).measures.perplexity).toBe(3);
  await expect(run({}, corpusOf(9))).rejects.toThrow(
    "Cannot embed 9 images: at least 10 are needed",
  );
});

test("embedding() stops when told, in the middle of its steps", async () => {
  const controller = new AbortController();
  const units = new Set<string>();
  const onProgress = ({ unit, done }: { unit: string; done: number }) => {
    units.add(unit);
    if (unit === "steps" && done === 20) controller.abort(new Error("enough"));
  };
  const context = { signal: controller.signal, onProgress };
  await expect(run({}, corpusOf(30), context)).rejects.toThrow("enough");
  expect([...units]).toEqual(["images", "steps"]);
});

test("pixels are laid out as the network is fed, without the network", async () => {
  const corpus = corpusOf(12);
  const { arrays, measures } = await run({ layer: "pixels", method: "pca" }, corpus);
  expect(measures.layer).toBe("pixels");
  expect(arrays.features.dims).toEqual([12, 3 * SIDE * SIDE]);
  const { tensor } = await corpus.read(5);
  const size = tensor.data.length;
  expect(arrays.features.data.slice(5 * size, 6 * size)).toEqual(tensor.data);
});
