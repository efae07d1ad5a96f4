import { expect, test } from "vitest";
import { convNet, linearNet, randomTensor } from "../../tests/networks.ts";
import { manifestFor } from "../models/mod.ts";
import { openAtSize } from "./at_size.ts";

const wasm = { backend: "wasm" } as const;

test("a network that pools over all positions runs at another size, its margin in proportion", async () => {
  const manifest = manifestFor({ path: "small.onnx", height: 12, width: 12 });
  const resize = { shortSide: 18, filter: "bilinear" as const };
  const trained = { ...manifest, input: { ...manifest.input, resize } };
  const opened = await openAtSize({ manifest: trained, bytes: convNet() }, 20, undefined, wasm);
  await using network = opened.network;
  expect(network.inputDims).toEqual([1, 3, 20, 20]);
  const image = randomTensor([1, 3, 20, 20], 1);
  const { conv2, logits } = await network.forward(image, ["conv2", "logits"]);
  expect([conv2.dims, logits.dims]).toEqual([[1, 8, 20, 20], [1, 5]]);
  expect(network.manifest.input.resize).toEqual({ ...resize, shortSide: 30 });
});

test("a dense layer of a fixed number of positions is refused", async () => {
  const manifest = manifestFor({ path: "small.onnx", height: 4, width: 4 });
  const bytes = linearNet(randomTensor([3 * 4 * 4, 5], 1), [3, 4, 4]);
  await expect(openAtSize({ manifest, bytes }, 6, undefined, wasm)).rejects.toThrow(
    "Cannot run small at 6 x 6: what is behind its feature maps is made for images of 4 x 4",
  );
});
