import { expect, test } from "vitest";
import { convNet, randomTensor } from "../../tests/networks.ts";
import { manifestFor } from "../models/mod.ts";
import { float32 } from "../tensor/tensor.ts";
import { openNetwork } from "../network/open_network.ts";
import { unitGradient } from "./unit_gradient.ts";

const manifest = manifestFor({ path: "small.onnx", height: 12, width: 12 });
const open = () => openNetwork({ manifest, bytes: convNet() }, { backend: "wasm" });
const image = randomTensor([1, 3, 12, 12], 5);

test.each([
  ["a unit", { layer: "conv2", channel: 3, row: 4, column: 7 }, (plane: Float32Array) => plane[55]],
  [
    "the mean of a channel",
    { layer: "conv2", channel: 3 },
    (plane: Float32Array) => plane.reduce((sum, v) => sum + v, 0) / 144,
  ],
])("unitGradient() of %s has its value, and the gradient of that", async (_, unit, valueOf) => {
  await using network = await open();
  const gradientOf = unitGradient(network, unit);
  const { value, gradient, layer } = await gradientOf(image);
  expect(value).toBeCloseTo(valueOf(layer.data.subarray(3 * 144, 4 * 144)), 4);
  const size = Math.hypot(...gradient);
  const at = async (amount: number) =>
    (await gradientOf(
      float32(image.data.map((v, i) => v + amount * gradient[i] / size), image.dims),
    ))
      .value;
  // Half a step is within the piece where the network is linear, but for few rectifiers.
  expect((await at(1e-2) - await at(-1e-2)) / 2e-2 / size).toBeCloseTo(1, 2);
});

test.each([
  [{ layer: "conv2", channel: 8 }, 'Cannot pick channel 8 of "conv2": it has 0 to 7'],
  [
    { layer: "conv2", channel: 0, row: 12, column: 0 },
    'Cannot pick the unit at row 12, column 0 of "conv2": its channels are [12,12]',
  ],
  [
    { layer: "logits", channel: 0, row: 0, column: 0 },
    'Cannot pick the unit at row 0, column 0 of "logits": its channels are []',
  ],
])("unitGradient() refuses %j", async (unit, message) => {
  await using network = await open();
  expect(() => unitGradient(network, unit)).toThrow(message);
});
