import { describe, expect, test } from "vitest";
import { declaredDims, declaredType, float } from "../../shared/onnx/mod.ts";
import { prepareModel } from "../../shared/network/open/prepare_model.ts";
import { float32, type Tensor } from "../../shared/tensor/tensor.ts";
import { conv, expectClose, int64, modelOf, noise, run, scalar, uint8 } from "./prepared.ts";

describe("an image of integers becomes one of float32", () => {
  const levels = Array.from({ length: 48 }, (_, i) => i * 37 % 256);
  const arrays = { uint8: Uint8Array, int32: Int32Array } as const;
  const first = (data: ArrayLike<number>) =>
    Float32Array.from({ length: 48 }, (_, i) => data[i % 16 * 3 + Math.floor(i / 16)]);

  test.each(["uint8", "int32"] as const)("of %s, channels last, cast", async (type) => {
    const original = modelOf({ type, dims: ["N", "h", "w", 3] }, (b, x) => {
      const scaled = b.op("Mul", [b.op("Cast", [x], { to: 1 }), scalar(b, 1 / 255)]);
      return conv(b, b.op("Transpose", [scaled], { perm: [0, 3, 1, 2] }));
    });
    const { model, notes } = prepareModel(original);
    expect(declaredType(model.graph.input[0])).toBe("float32");
    expect(declaredDims(model.graph.input[0])).toEqual(["N", 3, "h", "w"]);
    expect(notes.join()).toContain(type);
    const fed = { type, dims: [1, 4, 4, 3], data: arrays[type].from(levels) } as Tensor;
    expectClose(await run(model, float32(first(levels), [1, 3, 4, 4])), await run(original, fed));
  });

  test("that is quantised", async () => {
    const original = modelOf(
      { type: "uint8", dims: [1, 3, 4, 4] },
      (b, x) => conv(b, b.op("DequantizeLinear", [x, scalar(b, 0.02), uint8(b, 120)])),
    );
    const fed: Tensor = { type: "uint8", dims: [1, 3, 4, 4], data: Uint8Array.from(levels) };
    const { model } = prepareModel(original);
    expectClose(
      await run(model, float32(Float32Array.from(levels), [1, 3, 4, 4])),
      await run(original, fed),
    );
  });

  test("that integers are computed with", async () => {
    const original = modelOf({ type: "int32", dims: [1, 3, 4, 4] }, (b, x) => {
      const five = b.constant({ type: "int32", dims: [], data: Int32Array.of(5) });
      return conv(b, b.op("Cast", [b.op("Div", [x, five])], { to: 1 }));
    });
    const fed: Tensor = { type: "int32", dims: [1, 3, 4, 4], data: Int32Array.from(levels) };
    expectClose(
      await run(prepareModel(original).model, float32(Float32Array.from(levels), [1, 3, 4, 4])),
      await run(original, fed),
    );
  });
});

test("an image [C, H, W] becomes a batch of one", async () => {
  const original = modelOf(
    { dims: [3, 4, 4] },
    (b, x) => conv(b, b.op("Unsqueeze", [x, int64(b, 0)])),
  );
  const { model } = prepareModel(original);
  const { data } = noise([48]);
  expect(declaredDims(model.graph.input[0])).toEqual([1, 3, 4, 4]);
  expectClose(
    await run(model, float32(data, [1, 3, 4, 4])),
    await run(original, float32(data, [3, 4, 4])),
  );
});

test("a batch that is written in becomes 1, in shapes and in stored tensors too", async () => {
  const original = modelOf({ dims: [4, 3, 4, 4] }, (b, x) => {
    const flat = b.op("Reshape", [conv(b, x), int64(b, 4, -1)]);
    const token = noise([1, 5], 3).data;
    const tokens = Float32Array.from({ length: 20 }, (_, i) => token[i % 5]);
    return b.op("Concat", [flat, b.constant(float32(tokens, [4, 5]))], { axis: 1 });
  });
  const { model, notes } = prepareModel(original);
  expect(notes.join()).toContain("4 images at once");
  const one = noise([1, 3, 4, 4]);
  const four = Float32Array.from({ length: 4 * 48 }, (_, i) => one.data[i % 48]);
  const all = await run(original, float32(four, [4, 3, 4, 4]));
  const row = (all.data as Float32Array).slice(0, all.data.length / 4);
  expectClose(await run(model, one), float32(row, [1, row.length]));
});

describe("training mode becomes inference", () => {
  test.each([[0.5, 1], [0, 0]])("Dropout of ratio %d, %d notes", async (ratio, count) => {
    const original = modelOf({ dims: [1, 3, 4, 4] }, (b, x) => {
      const train = b.constant({ type: "bool", dims: [], data: Uint8Array.of(1) });
      return b.op("Dropout", [conv(b, x), scalar(b, ratio), train]);
    });
    const plain = modelOf({ dims: [1, 3, 4, 4] }, (b, x) => conv(b, x));
    const { model, notes } = prepareModel(original);
    expect(notes).toHaveLength(count);
    const x = noise([1, 3, 4, 4]);
    expect(await run(model, x)).toEqual(await run(plain, x));
  });

  test("batch normalization takes what is stored", async () => {
    const [scale, shift, mean, variance] = [[1, 2, 3], [0, 1, 2], [0.5, 0, 1], [1, 4, 0.25]];
    const original = modelOf({ dims: [1, 3, 2, 2], opset: 15 }, (b, x) => {
      const stored = [scale, shift, mean, variance]
        .map((list) => b.constant(float32(Float32Array.from(list), [3])));
      return b.ops("BatchNormalization", [x, ...stored], { training_mode: 1 }, [
        "made",
        "mean2",
        "variance2",
      ])[0];
    });
    const { model, notes } = prepareModel(original);
    expect(notes.join()).toContain("training mode");
    const x = noise([1, 3, 2, 2]);
    const expected = x.data.map((value, i) => {
      const c = Math.floor(i / 4);
      return (value - mean[c]) / Math.sqrt(variance[c] + 1e-5) * scale[c] + shift[c];
    });
    expectClose(await run(model, x), float32(expected, [1, 3, 2, 2]));
  });
});

test("operator set 6: operands along an axis, and attributes that are gone", async () => {
  const [w, s, t] = [noise([4, 3, 2, 2], 1), noise([4], 2), noise([4], 3)];
  const dense = noise([4, 36], 4);
  const old = modelOf({ dims: [1, 3, 4, 4], opset: 6 }, (b, x) => {
    const made = b.op("Conv", [x, b.constant(w)], { kernel_shape: [2, 2] });
    const scaled = b.op("Mul", [made, b.constant(s)], { broadcast: 1, axis: 1 });
    const bent = b.op("PRelu", [scaled, b.constant(t)]);
    const cut = b.op("Clip", [bent], { min: float(-1), max: float(1), consumed_inputs: [0] });
    const dropped = b.op("Dropout", [b.op("Reshape", [cut, int64(b, 1, 36)])], { is_test: 1 });
    return b.op("Gemm", [dropped, b.constant(dense), b.constant(t)], { broadcast: 1, transB: 1 });
  });
  const now = modelOf({ dims: [1, 3, 4, 4], opset: 13 }, (b, x) => {
    const made = b.op("Conv", [x, b.constant(w)]);
    const scaled = b.op("Mul", [made, b.constant(float32(s.data, [4, 1, 1]))]);
    const bent = b.op("PRelu", [scaled, b.constant(float32(t.data, [4, 1, 1]))]);
    const cut = b.op("Clip", [bent, scalar(b, -1), scalar(b, 1)]);
    const flat = b.op("Reshape", [cut, int64(b, 1, 36)]);
    return b.op("Gemm", [flat, b.constant(dense), b.constant(t)], { transB: 1 });
  });
  const x = noise([1, 3, 4, 4]);
  expectClose(await run(prepareModel(old).model, x), await run(now, x));
});
