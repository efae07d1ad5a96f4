import { expect, test } from "vitest";
import { encodeModel, ModelBuilder } from "../onnx/mod.ts";
import { manifestFor } from "../models/mod.ts";
import { float32 } from "../tensor/tensor.ts";
import { deadReluFallback } from "./dead_relu_fallback.ts";
import { openNetwork } from "../network/open_network.ts";

/** x -> 1 x 1 convolution with weights 2, -1 and 0, and bias -1 -> rectifier, one channel each. */
async function open() {
  const b = new ModelBuilder();
  const x = b.input("x", [1, 1, 2, 2]);
  const weights = b.constant(float32(Float32Array.of(2, -1, 0), [3, 1, 1, 1]), "w");
  const bias = b.constant(float32(Float32Array.of(-1, -1, -1), [3]), "bias");
  const relu = b.op("Relu", [b.op("Conv", [x, weights, bias])], {}, "relu");
  b.output(b.op("Flatten", [b.op("GlobalAveragePool", [relu])], {}, "logits"));
  const input = { channelOrder: "GRAY", mean: [0], std: [1] } as const;
  const manifest = manifestFor({ path: "relu.onnx", height: 2, width: 2, ...input });
  return await openNetwork({ manifest, bytes: encodeModel(b.build()) }, { backend: "wasm" });
}

const image = (value: number) => float32(new Float32Array(4).fill(value), [1, 1, 2, 2]);
const unit = { layer: "relu", channel: 0, row: 0, column: 1 };

test("deadReluFallback() is the plain gradient where the unit is on", async () => {
  await using network = await open();
  const { value, gradient } = await deadReluFallback(network, "relu")(unit)(image(3));
  expect(value).toBe(5);
  expect([...gradient]).toEqual([0, 2, 0, 0]);
});

test("deadReluFallback() leads to where a unit comes on that is off everywhere around", async () => {
  await using network = await open();
  const { value, gradient } = await deadReluFallback(network, "relu")(unit)(image(-3));
  expect(value).toBe(0);
  expect([...gradient]).toEqual([0, 2, 0, 0]);
});

test("deadReluFallback() refuses a unit that depends on nothing", async () => {
  await using network = await open();
  await expect(deadReluFallback(network, "relu")({ layer: "relu", channel: 2 })(image(1))).rejects
    .toThrow(
      'Cannot ascend: no gradient reaches the image from channel 2 of "relu"',
    );
});
