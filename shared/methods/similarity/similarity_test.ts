import { expect, test } from "vitest";
import { convNet, randomTensor } from "../../../tests/networks.ts";
import { runMethod } from "../../contract/run_method.ts";
import type { MethodInput } from "../../contract/method.ts";
import { manifestFor } from "../../models/mod.ts";
import type { Network } from "../../network/network.ts";
import { openNetwork } from "../../network/open_network.ts";
import { encodeModel, ModelBuilder } from "../../onnx/mod.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";
import { similarity, similarityOptions } from "./mod.ts";

const SIDE = 4;
const AREA = SIDE * SIDE;
const manifest = manifestFor({ path: "small.onnx", height: SIDE, width: SIDE });
const imageOf = (tensor: Tensor<"float32">): MethodInput => ({
  tensor,
  image: { width: SIDE, height: SIDE, data: new Uint8ClampedArray(AREA * 4).fill(200) },
});

const openBytes = (bytes: Uint8Array) => openNetwork({ manifest, bytes }, { backend: "wasm" });

const run = (
  network: Network,
  options: Record<string, unknown>,
  image: MethodInput,
  guide?: MethodInput,
) =>
  runMethod(
    similarity,
    network,
    { image, ...guide && { guide } },
    similarityOptions.parse(options),
    {},
  );

const data = (tensor: Tensor) => Array.from(tensor.data as Float32Array);

/** A layer that is the image, so that a test can say its features. */
function copyNet(): Uint8Array {
  const b = new ModelBuilder();
  const layer = b.op("Neg", [b.op("Neg", [b.input("x", [1, 3, SIDE, SIDE])])], {}, "layer");
  b.output(b.op("Flatten", [b.op("GlobalAveragePool", [layer])], {}, "logits"));
  return encodeModel(b.build());
}

/** Patterns of mean 0 that are at right angles: whether bits of the position agree. */
const pattern = (mask: number) =>
  Array.from({ length: AREA }, (_, i) => {
    let bits = 0;
    for (let left = i & mask; left > 0; left >>= 1) bits += left & 1;
    return bits % 2 === 0 ? 1 : -1;
  });

test("components of features along known axes are those, the largest first", async () => {
  await using network = await openBytes(copyNet());
  const [s, t, r] = [pattern(1), pattern(6), pattern(8)];
  // Along (1, 2, 2) / 3, (2, 1, -2) / 3 and (2, -2, 1) / 3, with lengths 6, 3 and 1.
  const axes = [[1, 2, 2], [2, 1, -2], [2, -2, 1]].map((axis) => axis.map((value) => value / 3));
  const values = [0, 1, 2].flatMap((c) =>
    s.map((_, i) => 4 + 6 * s[i] * axes[0][c] + 3 * t[i] * axes[1][c] + r[i] * axes[2][c])
  );
  const image = imageOf(float32(Float32Array.from(values), [1, 3, SIDE, SIDE]));
  const { arrays, measures } = await run(network, { layer: "layer" }, image);
  expect(arrays.components.dims).toEqual([3, SIDE, SIDE]);
  const found = data(arrays.components);
  [[s, 6], [t, 3], [r, 1]].forEach(([plane, length], k) => {
    const actual = found.slice(k * AREA, (k + 1) * AREA);
    const sign = Math.sign(actual[0] * (plane as number[])[0]);
    actual.forEach((value, i) =>
      expect(sign * value).toBeCloseTo((length as number) * (plane as number[])[i], 4)
    );
  });
  const explained = measures.explainedVariance as readonly number[];
  [36, 9, 1].forEach((variance, k) => expect(explained[k]).toBeCloseTo(variance / 46, 5));
});

test("cosines are dot products over lengths, in the image and in a second", async () => {
  await using network = await openBytes(convNet({ height: SIDE, width: SIDE }));
  const [image, guide] = [4, 5].map((seed) => imageOf(randomTensor([1, 3, SIDE, SIDE], seed)));
  const { arrays, measures, figures } = await run(
    network,
    { layer: "relu2", at: "2,1" },
    image,
    guide,
  );
  const [a, b] = await Promise.all(
    [image, guide].map(async ({ tensor }) =>
      data((await network.forward(tensor, ["relu2"])).relu2)
    ),
  );
  const vector = (values: number[], i: number) =>
    Array.from({ length: 8 }, (_, c) => values[c * AREA + i]);
  const product = (p: number[], q: number[]) => p.reduce((sum, value, k) => sum + value * q[k], 0);
  const from = vector(a, 2 * SIDE + 1);
  const expected = (values: number[]) =>
    Array.from({ length: AREA }, (_, i) => {
      const v = vector(values, i);
      const lengths = Math.sqrt(product(v, v) * product(from, from));
      return lengths === 0 ? 0 : product(v, from) / lengths;
    });
  data(arrays.cosine).forEach((value, i) => expect(value).toBeCloseTo(expected(a)[i], 5));
  data(arrays.guide_cosine).forEach((value, i) => expect(value).toBeCloseTo(expected(b)[i], 5));
  expect(arrays.cosine.dims).toEqual([SIDE, SIDE]);
  expect(arrays.features.dims).toEqual([1, 8, SIDE, SIDE]);
  expect(arrays.guide_features.dims).toEqual([1, 8, SIDE, SIDE]);
  expect(data(arrays.cosine)[2 * SIDE + 1]).toBeCloseTo(1, 6);
  const best = Math.max(...expected(b));
  expect(measures).toMatchObject({ layer: "relu2", row: 2, column: 1 });
  expect((measures.best as { cosine: number }).cosine).toBeCloseTo(best, 5);
  expect(figures.figure.panels.map(({ id }) => id)).toEqual([
    "image-components",
    "image-cosine",
    "guide-components",
    "guide-cosine",
  ]);
});

test("a second image has the coordinates of the first: an equal one is equal, at the same scale", async () => {
  await using network = await openBytes(convNet({ height: SIDE, width: SIDE }));
  const image = imageOf(randomTensor([1, 3, SIDE, SIDE], 4));
  const { arrays } = await run(network, {}, image, image);
  expect(arrays.guide_components.data).toEqual(arrays.components.data);
  expect(arrays.guide_cosine.data).toEqual(arrays.cosine.data);
});

test("the strongest position is the one with the longest vector", async () => {
  await using network = await openBytes(copyNet());
  const tensor = randomTensor([1, 3, SIDE, SIDE], 6);
  for (const c of [0, 1, 2]) tensor.data[c * AREA + 11] = 9;
  const { measures } = await run(network, { layer: "layer" }, imageOf(tensor));
  expect(measures).toMatchObject({ row: 2, column: 3 });
});

test("similarity says in one sentence what it cannot compare", async () => {
  await using network = await openBytes(convNet({ height: SIDE, width: SIDE }));
  const image = imageOf(randomTensor([1, 3, SIDE, SIDE], 4));
  await expect(run(network, { layer: "conv1", at: "4,0" }, image)).rejects.toThrow(
    "Cannot point at 4,0: the layer has 4 x 4 positions, expected a row from 0 to 3",
  );
  await expect(run(network, { layer: "mean" }, image)).rejects.toThrow(
    'Cannot compare the positions of "mean": it is float32 [1,8,1,1]',
  );
  await expect(run(network, { layer: "nothing" }, image)).rejects.toThrow(
    'Cannot find the layer "nothing"',
  );
  await using copy = await openBytes(copyNet());
  const dark = imageOf(float32(new Float32Array(3 * AREA), [1, 3, SIDE, SIDE]));
  await expect(run(copy, { layer: "layer" }, dark)).rejects.toThrow(
    "Cannot compare with position 0,0: all its features are 0",
  );
  await using broken = await openBytes(convNet({ height: SIDE, width: SIDE, firstWeight: NaN }));
  await expect(run(broken, { layer: "relu2" }, image)).rejects.toThrow("expected finite numbers");
});
