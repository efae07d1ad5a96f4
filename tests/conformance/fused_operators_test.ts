import { describe, expect, test } from "vitest";
import { type AttributeValues, float, ModelBuilder } from "../../shared/onnx/mod.ts";
import { prepareModel } from "../../shared/network/open/prepare_model.ts";
import { float32 } from "../../shared/tensor/tensor.ts";
import { expectClose, int64, modelOf, noise, run, scalar, TOLERANCE, uint8 } from "./prepared.ts";

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
