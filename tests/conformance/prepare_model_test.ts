import { describe, expect, test } from "vitest";
import {
  type AttributeValues,
  type DataTypeName,
  declaredDims,
  declaredType,
  type Dim,
  encodeModel,
  float,
  type Model,
  ModelBuilder,
} from "../../shared/onnx/mod.ts";
import { prepareModel } from "../../shared/network/open/prepare_model.ts";
import { openSession } from "../../shared/runtime/mod.ts";
import { normalAt } from "../../shared/tensor/random.ts";
import { elementCount, float32, type Tensor } from "../../shared/tensor/tensor.ts";

/** Rounding of float32 where a fused operator adds in another order. */
const TOLERANCE = 1e-5;

const noise = (dims: readonly number[], seed = 0) =>
  float32(
    Float32Array.from({ length: elementCount(dims) }, (_, i) => normalAt(seed, i)),
    dims,
  );

async function run(of: Model, x: Tensor): Promise<Tensor> {
  await using session = await openSession(encodeModel(of), { backend: "wasm" });
  return (await session.run({ x })).y;
}

function expectClose(made: Tensor, expected: Tensor, tolerance = TOLERANCE): void {
  expect(made.dims).toEqual(expected.dims);
  const [a, b] = [made, expected].map(({ data }) => Array.from(data as Float32Array, Number));
  a.forEach((value, i) => expect(Math.abs(value - b[i])).toBeLessThanOrEqual(tolerance));
}

interface Image {
  readonly type?: DataTypeName;
  readonly dims: readonly Dim[];
  readonly opset?: number;
}

/** A model of one input "x" that `fill` reads. */
function modelOf(image: Image, fill: (b: ModelBuilder, x: string) => string): Model {
  const b = new ModelBuilder({ opset: image.opset ?? 13 });
  b.output(b.op("Identity", [fill(b, b.input("x", image.dims, image.type))], {}, "y"));
  const model = b.build();
  const { opsetImport } = model;
  return { ...model, opsetImport: [...opsetImport, { domain: "com.microsoft", version: 1 }] };
}

const scalar = (b: ModelBuilder, value: number) => b.constant(float32(Float32Array.of(value), []));
const uint8 = (b: ModelBuilder, ...values: number[]) =>
  b.constant({
    type: "uint8",
    dims: values.length === 1 ? [] : [values.length],
    data: Uint8Array.from(values),
  });
const int64 = (b: ModelBuilder, ...values: number[]) =>
  b.constant({ type: "int64", dims: [values.length], data: BigInt64Array.from(values, BigInt) });

function conv(b: ModelBuilder, x: string, planes = 3): string {
  return b.op("Conv", [x, b.constant(noise([4, planes, 2, 2], 1))]);
}

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

describe("fused operators are taken apart", () => {
  const microsoft = (
    b: ModelBuilder,
    opType: string,
    inputs: readonly string[],
    values: AttributeValues = {},
  ) => {
    const name = b.op(opType, inputs, values);
    Object.assign(b.lastNode, { domain: "com.microsoft" });
    return name;
  };
  const w = (b: ModelBuilder) => b.constant(noise([4, 3, 2, 2], 1));
  const bias = (b: ModelBuilder) => b.constant(noise([4], 2));
  const flat = (b: ModelBuilder, x: string) => b.op("Flatten", [x]);
  const dense = (b: ModelBuilder) => b.constant(noise([48, 4], 5));
  const step = 0.05;
  const quantised = (b: ModelBuilder, x: string) =>
    b.op("QuantizeLinear", [x, scalar(b, step), uint8(b, 128)]);
  const real = (b: ModelBuilder, x: string, scale = step) =>
    b.op("DequantizeLinear", [x, scalar(b, scale), uint8(b, 128)]);
  const scales = (b: ModelBuilder) => [scalar(b, step), uint8(b, 128)];

  const tokens = (b: ModelBuilder, x: string) => b.op("Reshape", [x, int64(b, 1, 3, 16)]);
  const projection = (b: ModelBuilder, x: string, seed: number) =>
    b.op("MatMul", [x, b.constant(noise([16, 8], seed))]);

  const CASES: readonly (readonly [string, (b: ModelBuilder, x: string) => string])[] = [
    [
      "FusedConv",
      (b, x) =>
        microsoft(b, "FusedConv", [x, w(b), bias(b)], { activation: "Relu", pads: [1, 1, 1, 1] }),
    ],
    ["FusedConv", (b, x) =>
      microsoft(b, "FusedConv", [x, w(b)], {
        activation: "LeakyRelu",
        activation_params: float([0.2]),
      })],
    ["FusedConv", (b, x) =>
      microsoft(b, "FusedConv", [x, w(b)], {
        activation: "Clip",
        activation_params: float([0, 0.5]),
      })],
    [
      "FusedGemm",
      (b, x) => microsoft(b, "FusedGemm", [flat(b, x), dense(b), bias(b)], { activation: "Relu" }),
    ],
    [
      "FusedMatMul",
      (b, x) => microsoft(b, "FusedMatMul", [flat(b, x), dense(b)], { alpha: float(0.5) }),
    ],
    ["FusedMatMul", (b, x) => {
      const turned = b.op("Transpose", [flat(b, x)]);
      const other = b.constant(noise([4, 48], 5));
      return microsoft(b, "FusedMatMul", [turned, other], { transA: 1, transB: 1 });
    }],
    ["SkipLayerNormalization", (b, x) => {
      const row = tokens(b, x);
      const [skip, gamma, beta, added] = [[1, 3, 16], [16], [16], [16]]
        .map((dims, i) => b.constant(noise(dims, 20 + i)));
      const inputs = [row, skip, gamma, beta, added];
      microsoft(b, "SkipLayerNormalization", inputs, { epsilon: float(1e-3) });
      Object.assign(b.lastNode, { output: ["normed", "", "", "summed"] });
      return b.op("Mul", ["normed", "summed"]);
    }],
    ["SkipSimplifiedLayerNormalization", (b, x) => {
      const [skip, gamma] = [b.constant(noise([1, 3, 16], 20)), b.constant(noise([16], 21))];
      microsoft(b, "SkipSimplifiedLayerNormalization", [tokens(b, x), skip, gamma]);
      Object.assign(b.lastNode, { output: ["normed", "", "", "summed"] });
      return b.op("Add", ["normed", "summed"]);
    }],
    [
      "SimplifiedLayerNormalization",
      (b, x) =>
        b.op("SimplifiedLayerNormalization", [x, b.constant(noise([4], 21))], {
          axis: -1,
          epsilon: float(1e-2),
        }),
    ],
    ...([[4, true], [4, false], [8, true]] as const).map(([bits, isShifted]) =>
      ["MatMulNBits", (b: ModelBuilder, x: string) => {
        // 48 inputs in blocks of 16, of which each has its scale and zero point.
        const blob = 16 * bits / 8;
        const levels = (length: number) => Uint8Array.from({ length }, (_, i) => i * 97 % 256);
        const stored = b.constant({ type: "uint8", dims: [5, 3, blob], data: levels(15 * blob) });
        const zeros = levels(5 * Math.ceil(3 * bits / 8));
        const scale = float32(Float32Array.from({ length: 15 }, (_, i) => 0.01 + i / 500), [15]);
        const inputs = [
          flat(b, x),
          stored,
          b.constant(scale),
          isShifted ? b.constant({ type: "uint8", dims: [zeros.length], data: zeros }) : "",
          "",
          b.constant(noise([5], 8)),
        ];
        return microsoft(b, "MatMulNBits", inputs, { N: 5, K: 48, bits, block_size: 16 });
      }] as const
    ),
    ...[0, 1].map((quant_type) =>
      ["MatMulBnb4", (b: ModelBuilder, x: string) => {
        const data = Uint8Array.from({ length: 5 * 24 }, (_, i) => i * 97 % 256);
        const largest = Float32Array.from({ length: 15 }, (_, i) => 0.5 + i / 10);
        const inputs = [
          flat(b, x),
          b.constant({ type: "uint8", dims: [data.length], data }),
          b.constant(float32(largest, [15])),
        ];
        return microsoft(b, "MatMulBnb4", inputs, { N: 5, K: 48, block_size: 16, quant_type });
      }] as const
    ),
    ["DynamicQuantizeMatMul", (b, x) => {
      const data = Uint8Array.from({ length: 48 * 4 }, (_, i) => i * 31 % 256);
      const inputs = [
        flat(b, x),
        b.constant({ type: "uint8", dims: [48, 4], data }),
        b.constant(float32(Float32Array.of(0.01, 0.02, 0.03, 0.04), [4])),
        uint8(b, 1, 120, 130, 250),
        b.constant(noise([4], 2)),
      ];
      return microsoft(b, "DynamicQuantizeMatMul", inputs);
    }],
    ["MatMulIntegerToFloat", (b, x) => {
      const data = Uint8Array.from({ length: 48 * 4 }, (_, i) => i * 31 % 256);
      const inputs = [
        b.op("Flatten", [quantised(b, x)]),
        b.constant({ type: "uint8", dims: [48, 4], data }),
        scalar(b, step),
        scalar(b, 0.01),
        uint8(b, 128),
        uint8(b, 99),
        b.constant(noise([4], 2)),
      ];
      return microsoft(b, "MatMulIntegerToFloat", inputs);
    }],
    ["Gelu", (b, x) => microsoft(b, "Gelu", [x])],
    ["QuickGelu", (b, x) => microsoft(b, "QuickGelu", [x])],
    ["FastGelu", (b, x) => microsoft(b, "FastGelu", [x])],
    ["BiasGelu", (b, x) => microsoft(b, "BiasGelu", [x, b.constant(noise([4], 6))])],
    ...([{}, { scale: float(0.3) }] as AttributeValues[]).flatMap((more) =>
      [
        ["Attention", (b: ModelBuilder, x: string) => {
          const [q, k, v] = [1, 2, 3].map((seed) => projection(b, tokens(b, x), seed));
          return b.op("Attention", [q, k, v], { q_num_heads: 2, kv_num_heads: 2, ...more });
        }],
        ["Attention", (b: ModelBuilder, x: string) => {
          const keys = b.op("Transpose", [x], { perm: [0, 1, 3, 2] });
          return b.op("Attention", [x, keys, x], more);
        }],
        ["MultiHeadAttention", (b: ModelBuilder, x: string) => {
          const [q, k, v] = [1, 2, 3].map((seed) => projection(b, tokens(b, x), seed));
          const inputs = [
            q,
            k,
            v,
            b.constant(noise([24], 4)),
            "",
            b.constant(noise([1, 2, 3, 3], 5)),
          ];
          return microsoft(b, "MultiHeadAttention", inputs, { num_heads: 2, ...more });
        }],
        ["Attention", (b: ModelBuilder, x: string) => {
          const [weights, shift] = [b.constant(noise([16, 24], 6)), b.constant(noise([24], 4))];
          return microsoft(b, "Attention", [tokens(b, x), weights, shift], {
            num_heads: 2,
            ...more,
          });
        }],
      ] as const
    ),
    ["QLinearConv", (b, x) => {
      const weights = Uint8Array.from({ length: 48 }, (_, i) => i * 53 % 256);
      const q = b.constant({ type: "uint8", dims: [4, 3, 2, 2], data: weights });
      const inputs = [quantised(b, x), ...scales(b), q, scalar(b, 0.01), uint8(b, 128)];
      return real(b, b.op("QLinearConv", [...inputs, ...scales(b)]));
    }],
    ["QLinearAdd", (b, x) => {
      const q = quantised(b, x);
      return real(b, microsoft(b, "QLinearAdd", [q, ...scales(b), q, ...scales(b), ...scales(b)]));
    }],
    ["QLinearGlobalAveragePool", (b, x) =>
      real(
        b,
        microsoft(b, "QLinearGlobalAveragePool", [quantised(b, x), ...scales(b), ...scales(b)], {
          channels_last: 0,
        }),
      )],
    ["QLinearLeakyRelu", (b, x) =>
      real(
        b,
        microsoft(b, "QLinearLeakyRelu", [quantised(b, x), ...scales(b), ...scales(b)], {
          alpha: float(0.1),
        }),
      )],
    ["MatMulInteger", (b, x) => {
      const q = b.op("Flatten", [quantised(b, x)]);
      const weights = Uint8Array.from({ length: 48 * 4 }, (_, i) => i * 31 % 256);
      const other = b.constant({ type: "uint8", dims: [48, 4], data: weights });
      const made = b.op("MatMulInteger", [q, other, uint8(b, 128), uint8(b, 7)]);
      return b.op("Mul", [b.op("Cast", [made], { to: 1 }), scalar(b, 1e-4)]);
    }],
  ];

  test.each(CASES)("%s", async (name, fill) => {
    const original = modelOf({ dims: [1, 3, 4, 4], opset: name === "Attention" ? 23 : 18 }, fill);
    const { model, notes } = prepareModel(original);
    expect(notes.join()).toContain(`"${name}"`);
    expect(model.graph.node.map(({ opType }) => opType)).not.toContain(
      /^[QF]|Attention$/.test(name) ? name : "nothing",
    );
    expect(model.graph.node.map(({ opType }) => opType)).not.toContain(
      /^(Skip|Simpl|MatMulN|MatMulB|Dynamic|MatMulIntegerT)/.test(name) ? name : "nothing",
    );
    expect(model.graph.node.every(({ domain = "" }) => domain === "")).toBe(true);
    const x = noise([1, 3, 4, 4]);
    // A quantised result may fall on the other side of a half step.
    const tolerance = name.startsWith("QL") ? step * 1.01 : TOLERANCE;
    expectClose(await run(model, x), await run(original, x), tolerance);
  });
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
