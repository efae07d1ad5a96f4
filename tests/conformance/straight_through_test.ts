import { expect, test } from "vitest";
import { NEWEST_OPSET } from "../../shared/grad/gradient_case.ts";
import { differentiate, unit } from "../../shared/grad/mod.ts";
import { encodeModel, ModelBuilder } from "../../shared/onnx/mod.ts";
import { openSession } from "../../shared/runtime/mod.ts";
import { float32, type Tensor } from "../../shared/tensor/tensor.ts";
import { randomTensor } from "../networks.ts";

/** Levels of int8 at a step of 0.5: -64 to 63.5. The third and the last number are cut off. */
const X = Float32Array.of(0.3, -1.2, 70, 63.6, -64.2, -100);
const INSIDE = [1, 1, 0, 1, 1, 0];
const FACTORS = [1, 2, 3, 4, 5, 6];

/** The first, a middle and the newest; since 13 there may be a scale for each channel. */
const OPSETS = [10, 18, NEWEST_OPSET];
const PER_AXIS_OPSETS = [13, 18, NEWEST_OPSET];

test.each(OPSETS)(
  "a quantiser passes the gradient of what it does not cut off: operator set %i",
  async (opset) => {
    const b = new ModelBuilder({ opset });
    const scale = b.constant(float32(Float32Array.of(0.5), []));
    const zero = b.constant({ type: "int8", dims: [], data: Int8Array.of(0) });
    const q = b.op("QuantizeLinear", [b.input("x", [1, 6]), scale, zero]);
    const real = b.op("DequantizeLinear", [q, scale, zero]);
    const factors = b.constant(float32(Float32Array.from(FACTORS), [1, 6]));
    b.output(b.op("ReduceSum", [b.op("Mul", [real, factors])], { keepdims: 1 }, "y"));
    const gradient = await gradientOf(b);
    // By hand: x -> 0.5 round(x / 0.5), whose slope is 1 between the ends of the range.
    expect(gradient).toEqual(INSIDE.map((inside, i) => inside * FACTORS[i]));
  },
);

test.each(PER_AXIS_OPSETS)(
  "a scale for each channel is laid along its axis: operator set %i",
  async (opset) => {
    const b = new ModelBuilder({ opset });
    const scale = b.constant(float32(Float32Array.of(0.5, 100), [2]));
    const zero = b.constant({ type: "uint8", dims: [2], data: Uint8Array.of(128, 0) });
    const x = b.input("x", [1, 2, 3]);
    const q = b.op("QuantizeLinear", [x, scale, zero], { axis: 1 });
    const real = b.op("DequantizeLinear", [q, scale, zero], { axis: 1 });
    b.output(b.op("ReduceSum", [real], { keepdims: 1 }, "y"));
    // The second channel holds 0 to 25500: -64.2 and -100 are a step or less below 0.
    expect(await gradientOf(b, [1, 2, 3])).toEqual([1, 1, 0, 1, 0, 0]);
  },
);

const gradientOf = (b: ModelBuilder, dims: readonly number[] = [1, 6]) =>
  gradientAt(b, float32(X, dims));

/** The slope of the first element of "y". */
async function gradientAt(b: ModelBuilder, x: Tensor<"float32">): Promise<number[]> {
  const { model, gradients } = differentiate(b.build(), {
    objective: unit("y", { channel: 0 }),
    wrt: ["x"],
  });
  await using session = await openSession(encodeModel(model), { backend: "wasm" });
  const results = await session.run({ x });
  return [...results[gradients.x].data as Float32Array];
}

const SIZE = 12;
const LEVELS = 127;

/** Two smooth layers and a dense one, with int8 quantisers around each, or of real numbers. */
function network(isQuantised: boolean): ModelBuilder {
  const b = new ModelBuilder();
  const scalar = (value: number) => b.constant(float32(Float32Array.of(value), []));
  const zero = b.constant({ type: "int8", dims: [], data: Int8Array.of(0) });
  const around = (x: string, most: number) => {
    if (!isQuantised) return x;
    const scale = scalar(most / LEVELS);
    return b.op("DequantizeLinear", [b.op("QuantizeLinear", [x, scale, zero]), scale, zero]);
  };
  const weight = (dims: readonly number[], seed: number) => {
    const { data } = randomTensor(dims, seed, 0.3);
    const step = Math.max(...data.map(Math.abs)) / LEVELS;
    const levels = Int8Array.from(data, (value) => Math.round(value / step));
    return isQuantised
      ? b.op("DequantizeLinear", [
        b.constant({ type: "int8", dims, data: levels }),
        scalar(step),
        zero,
      ])
      : b.constant(float32(Float32Array.from(levels, (level) => level * step), dims));
  };
  const pads = [1, 1, 1, 1];
  const x = around(b.input("x", [1, 3, SIZE, SIZE]), 4);
  const first = around(b.op("Tanh", [b.op("Conv", [x, weight([8, 3, 3, 3], 1)], { pads })]), 1);
  const second = b.op("Conv", [first, weight([8, 8, 3, 3], 2)], { pads, strides: [3, 3] });
  const flat = around(b.op("Flatten", [b.op("Tanh", [second])]), 1);
  const scores = b.op("MatMul", [flat, weight([128, 5], 3)]);
  b.output(b.op("Identity", [around(scores, 8)], {}, "y"));
  return b;
}

test("a quantised network has the gradient of its real numbers, but for what is rounded", async () => {
  const x = randomTensor([1, 3, SIZE, SIZE], 4);
  const [found, expected] = await Promise.all(
    [true, false].map((isQuantised) => gradientAt(network(isQuantised), x)),
  );
  const length = Math.hypot(...expected);
  expect(length).toBeGreaterThan(0.1);
  // Slopes of tanh at values that are off by half a level of 127: 2 % were measured.
  expect(Math.hypot(...found.map((value, i) => value - expected[i])) / length).toBeLessThan(0.05);
  expect(found).not.toEqual(expected);
});
