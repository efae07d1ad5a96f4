import { runMethod } from "../../contract/run_method.ts";
import { expect, test } from "vitest";
import { convNet, randomTensor } from "../../../tests/networks.ts";
import type { Image } from "../../image/mod.ts";
import { manifestFor } from "../../models/mod.ts";
import { encodeModel, ModelBuilder } from "../../onnx/mod.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";
import type { NetworkManifest } from "../../network/network.ts";
import { openNetwork } from "../../network/open_network.ts";
import { weights } from "./mod.ts";
import { weightsOptions } from "./options.ts";

const manifest = manifestFor({ path: "small.onnx", height: 12, width: 12 });

async function run(
  bytes: Uint8Array,
  options: Record<string, unknown> = {},
  input: Partial<NetworkManifest["input"]> = {},
) {
  const source = { manifest: { ...manifest, input: { ...manifest.input, ...input } }, bytes };
  await using network = await openNetwork(source, { backend: "wasm" });
  return await runMethod(weights, network, {}, weightsOptions.parse(options), {});
}

/** A network of one convolution, whose weights `wrap` may compute from a constant. */
function oneConv(
  kernels: Tensor<"float32">,
  wrap = (_b: ModelBuilder, name: string) => name,
): Uint8Array {
  const b = new ModelBuilder();
  const x = b.input("x", ["N", 3, 12, 12]);
  const conv = b.op("Conv", [x, wrap(b, b.constant(kernels, "w"))], {}, "conv");
  b.output(b.op("Flatten", [b.op("GlobalAveragePool", [b.op("Relu", [conv], {}, "relu")])]));
  return encodeModel(b.build());
}

const level = ({ width, data }: Image, x: number, y: number, c: number) =>
  data[4 * (y * width + x) + c];

test.each([["RGB", [0, 1, 2]], ["BGR", [2, 1, 0]]] as const)(
  "colour tiles of %s decode back to the weights within half a level",
  async (channelOrder, planes) => {
    for (const range of ["unit", "layer"]) {
      const { images, arrays } = await run(convNet(), { range }, { channelOrder });
      const [values, scales] = [arrays.weights.data, arrays.scales.data].map((d) =>
        d as Float32Array
      );
      expect(arrays.weights.dims).toEqual([8, 3, 3, 3]);
      for (let unit = 0; unit < 8; unit++) {
        const [left, top] = [1 + 4 * (unit % 3), 1 + 4 * Math.floor(unit / 3)];
        for (let i = 0; i < 27; i++) {
          const [plane, y, x] = [Math.floor(i / 9), Math.floor(i / 3) % 3, i % 3];
          const seen = level(images.tiles, left + x, top + y, planes[plane]);
          const decoded = (seen / 127.5 - 1) * scales[unit];
          expect(Math.abs(decoded - values[unit * 27 + i])).toBeLessThan(scales[unit] / 254);
        }
      }
    }
  },
);

test("the kernels of a transposed convolution are shown by the unit that they make", async () => {
  const b = new ModelBuilder();
  const split = b.op("Conv", [
    b.input("x", ["N", 3, 12, 12]),
    b.constant(randomTensor([4, 3, 1, 1], 1)),
  ]);
  // Of channel 1 and of channel 3, which are the second of their groups, to the units 0 and 5.
  const kernels = float32(new Float32Array(4 * 3 * 4), [4, 3, 2, 2]);
  kernels.data.set([1, 2, 3, 4], (1 * 3 + 0) * 4);
  kernels.data.set([5, 6, 7, 8], (3 * 3 + 2) * 4);
  b.op("ConvTranspose", [split, b.constant(kernels, "w")], { group: 2 }, "up");
  b.output(b.op("Flatten", [b.op("GlobalAveragePool", ["up"])]));
  const { arrays } = await run(encodeModel(b.build()), { layer: "up" });
  expect(arrays.weights.dims).toEqual([6, 2, 2, 2]);
  const expected = new Float32Array(48);
  expected.set([1, 2, 3, 4], (0 * 2 + 1) * 4);
  expected.set([5, 6, 7, 8], (5 * 2 + 1) * 4);
  expect(arrays.weights.data).toEqual(expected);
});

test("planes of a deeper layer decode back, and permuting channels permutes them", async () => {
  const kernels = randomTensor([2, 3, 2, 2], 5);
  const swapped = kernels.data.slice();
  swapped.set(kernels.data.subarray(0, 4), 4);
  swapped.set(kernels.data.subarray(4, 8), 0);
  const planeOf = async (data: Float32Array, plane: number) => {
    const bytes = oneConv(float32(data, [2, 3, 2, 2]), (b, w) => b.op("Identity", [w]));
    const { images, arrays } = await run(bytes, { channels: "0" }, {
      channelOrder: "GRAY",
      mean: [0],
      std: [1],
    });
    const [left, top] = [4 + 3 * (plane % 2), 4 + 3 * Math.floor(plane / 2)];
    const seen = [[0, 0], [1, 0], [0, 1], [1, 1]]
      .map(([x, y]) => level(images.tiles, left + x, top + y, 0));
    return { seen, scale: Number(arrays.scales.data[0]) };
  };
  const { seen, scale } = await planeOf(kernels.data, 0);
  seen.forEach((value, i) =>
    expect(Math.abs((value / 127.5 - 1) * scale - kernels.data[i])).toBeLessThan(scale / 254)
  );
  expect((await planeOf(swapped, 1)).seen).toEqual(seen);
  expect((await planeOf(swapped, 0)).seen).not.toEqual(seen);
});

test("a layer is named by its tensor, what follows from it, or its weights", async () => {
  for (const layer of ["conv2", "relu2", "w2"]) {
    const { measures } = await run(convNet(), { layer });
    expect(measures).toMatchObject({ layer: "conv2", weights: "w2", form: "planes", units: 8 });
  }
});

test("weights that are computed from constants are found", async () => {
  const kernels = randomTensor([3, 3, 2, 2], 5);
  const bytes = oneConv(kernels, (b, w) => b.op("Transpose", [w], { perm: [1, 0, 2, 3] }));
  const { arrays, measures } = await run(bytes, { layer: "w" });
  expect(measures.form).toBe("colour tiles");
  const [seen, data] = [arrays.weights.data, kernels.data];
  for (let a = 0; a < 3; a++) {
    for (let b = 0; b < 3; b++) expect(seen[(3 * a + b) * 4]).toBe(data[(3 * b + a) * 4]);
  }
});

test("a matrix has a row for each unit", async () => {
  const { arrays, measures, images } = await run(convNet(), { layer: "logits" });
  const expected = randomTensor([8, 5], 10).data;
  expect(arrays.weights.dims).toEqual([5, 8, 1, 1]);
  expect(arrays.weights.data[2 * 8 + 7]).toBe(expected[7 * 5 + 2]);
  expect(measures).toMatchObject({ form: "matrix", operator: "Gemm" });
  expect([images.tiles.width, images.tiles.height]).toEqual([8, 5]);
});

test("weights() refuses what has none, channels that are not there, and what is no number", async () => {
  await expect(run(convNet(), { layer: "mean" })).rejects.toThrow(
    'Cannot show the weights of "mean" in small: GlobalAveragePool "mean" makes it',
  );
  await expect(run(convNet(), { layer: "bias" })).rejects.toThrow(
    "no Conv, ConvTranspose, Gemm or MatMul has",
  );
  await expect(run(convNet(), { channels: "7-8" })).rejects.toThrow(
    'Cannot use the channels "7-8": the layer "conv1" has the channels 0 to 7',
  );
  const broken = randomTensor([2, 3, 2, 2], 5);
  broken.data[13] = NaN;
  await expect(run(oneConv(broken))).rejects.toThrow(
    'Cannot show the weights "w": unit 1 of 2 has the weight NaN, expected finite numbers',
  );
});
