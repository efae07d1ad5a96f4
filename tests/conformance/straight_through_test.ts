import { expect, test } from "vitest";
import { differentiate, unit } from "../../shared/grad/mod.ts";
import { encodeModel, ModelBuilder } from "../../shared/onnx/mod.ts";
import { openSession } from "../../shared/runtime/mod.ts";
import { float32 } from "../../shared/tensor/tensor.ts";

/** Levels of int8 at a step of 0.5: -64 to 63.5. The third and the last number are cut off. */
const X = Float32Array.of(0.3, -1.2, 70, 63.6, -64.2, -100);
const INSIDE = [1, 1, 0, 1, 1, 0];
const FACTORS = [1, 2, 3, 4, 5, 6];

test("a quantiser passes the gradient of what it does not cut off", async () => {
  const b = new ModelBuilder();
  const scale = b.constant(float32(Float32Array.of(0.5), []));
  const zero = b.constant({ type: "int8", dims: [], data: Int8Array.of(0) });
  const q = b.op("QuantizeLinear", [b.input("x", [1, 6]), scale, zero]);
  const real = b.op("DequantizeLinear", [q, scale, zero]);
  const factors = b.constant(float32(Float32Array.from(FACTORS), [1, 6]));
  b.output(b.op("ReduceSum", [b.op("Mul", [real, factors])], { keepdims: 1 }, "y"));
  const gradient = await gradientOf(b);
  // By hand: x -> 0.5 round(x / 0.5), whose slope is 1 between the ends of the range.
  expect(gradient).toEqual(INSIDE.map((inside, i) => inside * FACTORS[i]));
});

test("a scale for each channel is laid along its axis", async () => {
  const b = new ModelBuilder();
  const scale = b.constant(float32(Float32Array.of(0.5, 100), [2]));
  const zero = b.constant({ type: "uint8", dims: [2], data: Uint8Array.of(128, 0) });
  const x = b.input("x", [1, 2, 3]);
  const q = b.op("QuantizeLinear", [x, scale, zero], { axis: 1 });
  const real = b.op("DequantizeLinear", [q, scale, zero], { axis: 1 });
  b.output(b.op("ReduceSum", [real], { keepdims: 1 }, "y"));
  // The second channel holds 0 to 25500: -64.2 and -100 are a step or less below 0.
  expect(await gradientOf(b, [1, 2, 3])).toEqual([1, 1, 0, 1, 0, 0]);
});

async function gradientOf(b: ModelBuilder, dims: readonly number[] = [1, 6]) {
  const { model, gradients } = differentiate(b.build(), {
    objective: unit("y", { channel: 0 }),
    wrt: ["x"],
  });
  await using session = await openSession(encodeModel(model), { backend: "wasm" });
  const results = await session.run({ x: float32(X, dims) });
  return [...results[gradients.x].data as Float32Array];
}
