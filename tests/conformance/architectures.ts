/**
 * Small networks of the families that people export, each with what is special about it: gradients
 * have to be right through all of them, not only operator by operator.
 */
import { type AttributeValues, float, type Model, ModelBuilder } from "../../shared/onnx/mod.ts";
import { NEWEST_OPSET } from "../../shared/grad/gradient_case.ts";
import { elementCount, float32 } from "../../shared/tensor/tensor.ts";
import { seeded } from "./case_model.ts";

/** Builds layers with random weights on a model under construction. */
class LayerBuilder {
  readonly b: ModelBuilder;
  readonly #next = seeded(3);

  constructor(opset: number) {
    this.b = new ModelBuilder({ opset });
  }

  weight(dims: readonly number[], scale = 1): string {
    const fan = dims.length > 1 ? elementCount(dims.slice(1)) : 4;
    const size = scale * Math.sqrt(3 / fan);
    const data = Float32Array.from(
      { length: elementCount(dims) },
      () => size * (2 * this.#next() - 1),
    );
    return this.b.constant(float32(data, dims));
  }

  positive(count: number): string {
    return this.b.constant(
      float32(Float32Array.from({ length: count }, () => 0.5 + this.#next()), [count]),
    );
  }

  op(type: string, inputs: readonly string[], attributes: AttributeValues = {}): string {
    return this.b.op(type, inputs, attributes);
  }

  ints(...values: number[]): string {
    return this.b.constant({
      type: "int64",
      dims: [values.length],
      data: BigInt64Array.from(values, BigInt),
    });
  }

  conv(x: string, from: number, to: number, k: number, attributes: AttributeValues = {}): string {
    const group = Number(attributes.group ?? 1);
    const pad = Math.floor(k / 2);
    return this.op("Conv", [x, this.weight([to, from / group, k, k]), this.weight([to], 0.2)], {
      pads: [pad, pad, pad, pad],
      ...attributes,
    });
  }

  batchNorm(x: string, channels: number): string {
    const [scale, bias, mean] = [0, 1, 2].map(() => this.weight([channels]));
    return this.op("BatchNormalization", [x, scale, bias, mean, this.positive(channels)]);
  }

  relu(x: string): string {
    return this.op("Relu", [x]);
  }

  linear(x: string, from: number, to: number): string {
    return this.op("Gemm", [x, this.weight([to, from]), this.weight([to], 0.2)], { transB: 1 });
  }

  classify(x: string, channels: number): Model {
    const pooled = this.op("Flatten", [this.op("GlobalAveragePool", [x])]);
    this.b.output(this.b.op("Identity", [this.linear(pooled, channels, 5)], {}, "logits"));
    return this.b.build();
  }
}

type Build = (l: LayerBuilder, x: string) => Model;

interface Architecture {
  readonly name: string;
  readonly opset?: number;
  readonly build: Build;
}

const residual: Build = (l, x) => {
  const stem = l.relu(l.batchNorm(l.conv(x, 3, 8, 3), 8));
  const inner = l.batchNorm(l.conv(l.relu(l.batchNorm(l.conv(stem, 8, 8, 3), 8)), 8, 8, 3), 8);
  const block = l.relu(l.op("Add", [inner, stem]));
  const down = l.batchNorm(l.conv(block, 8, 12, 3, { strides: [2, 2] }), 12);
  const shortcut = l.batchNorm(l.conv(block, 8, 12, 1, { strides: [2, 2] }), 12);
  return l.classify(l.relu(l.op("Add", [down, shortcut])), 12);
};

const dense: Build = (l, x) => {
  let features = l.conv(x, 3, 6, 3);
  let channels = 6;
  for (let i = 0; i < 3; i++) {
    const grown = l.conv(l.relu(l.batchNorm(features, channels)), channels, 4, 3);
    features = l.op("Concat", [features, grown], { axis: 1 });
    channels += 4;
  }
  const pooled = l.op("AveragePool", [features], { kernel_shape: [2, 2], strides: [2, 2] });
  return l.classify(l.relu(pooled), channels);
};

const squeezeExcite: Build = (l, x) => {
  const features = l.conv(x, 3, 8, 3);
  const silu = l.op("Mul", [features, l.op("Sigmoid", [features])]);
  const squeezed = l.op("ReduceMean", [silu, l.ints(2, 3)], { keepdims: 1 });
  const activated = l.op("HardSigmoid", [l.conv(l.relu(l.conv(squeezed, 8, 4, 1)), 4, 8, 1)], {
    alpha: float(1 / 6),
  });
  const scaled = l.op("Mul", [silu, activated]);
  const depthwise = l.conv(scaled, 8, 8, 3, { group: 8, strides: [2, 2] });
  return l.classify(l.op("HardSwish", [depthwise]), 8);
};

/** Views computed from the shape, as PyTorch exports them. */
const channelShuffle: Build = (l, x) => {
  const features = l.relu(l.conv(x, 3, 12, 3));
  const grouped = l.relu(l.conv(features, 12, 12, 1, { group: 3 }));
  const shape = l.op("Shape", [grouped]);
  const at = (i: number) => l.op("Gather", [shape, l.ints(i)], { axis: 0 });
  const split = l.op("Concat", [at(0), l.ints(3), l.ints(4), at(2), at(3)], { axis: 0 });
  const swapped = l.op("Transpose", [l.op("Reshape", [grouped, split])], { perm: [0, 2, 1, 3, 4] });
  const shuffled = l.op("Reshape", [
    swapped,
    l.op("Concat", [at(0), l.ints(-1), at(2), at(3)], { axis: 0 }),
  ]);
  const [left, right] = l.b.ops("Split", [shuffled, l.ints(6, 6)], { axis: 1 }, ["left", "right"]);
  const branch = l.relu(l.conv(right, 6, 6, 3, { group: 6 }));
  return l.classify(l.op("Concat", [left, branch], { axis: 1 }), 12);
};

const inception: Build = (l, x) => {
  const stem = l.op("MaxPool", [l.relu(l.conv(x, 3, 8, 3))], {
    kernel_shape: [3, 3],
    strides: [2, 2],
    ceil_mode: 1,
  });
  const normed = l.op("LRN", [stem], { size: 5, alpha: float(0.1) });
  const pool = l.op("MaxPool", [normed], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
  const branches = [
    l.relu(l.conv(normed, 8, 4, 1)),
    l.relu(l.conv(l.relu(l.conv(normed, 8, 4, 1)), 4, 6, 3)),
    l.relu(l.conv(l.relu(l.conv(normed, 8, 2, 1)), 2, 3, 5)),
    l.relu(l.conv(pool, 8, 3, 1)),
  ];
  return l.classify(l.op("Concat", branches, { axis: 1 }), 16);
};

/** ConvNeXt: depthwise 7x7, LayerNorm over channels last, GELU spelled out by Erf, layer scale. */
const convNext: Build = (l, x) => {
  const stem = l.conv(x, 3, 8, 2, { strides: [2, 2], pads: [0, 0, 0, 0] });
  const deep = l.conv(stem, 8, 8, 7, { group: 8 });
  const last = l.op("Transpose", [deep], { perm: [0, 2, 3, 1] });
  const normed = l.op("LayerNormalization", [last, l.weight([8]), l.weight([8])], { axis: -1 });
  const wide = l.op("MatMul", [normed, l.weight([8, 16])]);
  const scalar = (value: number) => l.b.constant(float32(Float32Array.of(value), []));
  const erf = l.op("Erf", [l.op("Div", [wide, scalar(Math.SQRT2)])]);
  const gelu = l.op("Mul", [l.op("Mul", [wide, l.op("Add", [erf, scalar(1)])]), scalar(0.5)]);
  const narrow = l.op("Mul", [l.op("MatMul", [gelu, l.weight([16, 8])]), l.weight([8])]);
  const back = l.op("Transpose", [narrow], { perm: [0, 3, 1, 2] });
  return l.classify(l.op("Add", [stem, back]), 8);
};

/** A patch embedding, one block of attention, a class token. */
const attention: Build = (l, x) => {
  const patches = l.conv(x, 3, 8, 4, { strides: [4, 4], pads: [0, 0, 0, 0] });
  const flat = l.op("Reshape", [patches, l.ints(0, 8, -1)]);
  const patchTokens = l.op("Transpose", [flat], { perm: [0, 2, 1] });
  const tokens = l.op("Concat", [
    l.op("Expand", [l.weight([1, 1, 8]), l.ints(1, 1, 8)]),
    patchTokens,
  ], {
    axis: 1,
  });
  const normed = l.op("LayerNormalization", [tokens, l.weight([8]), l.weight([8])]);
  const heads = (perm: number[]) => {
    const projected = l.op("MatMul", [normed, l.weight([8, 8])]);
    return l.op("Transpose", [l.op("Reshape", [projected, l.ints(0, 0, 2, 4)])], { perm });
  };
  const scores = l.op("MatMul", [heads([0, 2, 1, 3]), heads([0, 2, 3, 1])]);
  const weights = l.op("Softmax", [
    l.op("Mul", [scores, l.b.constant(float32(Float32Array.of(0.5), []))]),
  ], {
    axis: -1,
  });
  const mixed = l.op("Transpose", [l.op("MatMul", [weights, heads([0, 2, 1, 3])])], {
    perm: [0, 2, 1, 3],
  });
  const merged = l.op("Add", [tokens, l.op("Reshape", [mixed, l.ints(0, 0, 8)])]);
  const token = l.op("Gather", [
    merged,
    l.b.constant({ type: "int64", dims: [], data: BigInt64Array.of(0n) }),
  ], {
    axis: 1,
  });
  l.b.output(l.b.op("Identity", [l.linear(token, 8, 5)], {}, "logits"));
  return l.b.build();
};

/** An encoder and a decoder with a skip: transposed convolution, resize, pads by reflection. */
const uNet: Build = (l, x) => {
  const padded = l.op("Pad", [x, l.ints(0, 0, 1, 1, 0, 0, 1, 1)], { mode: "reflect" });
  const high = l.op("LeakyRelu", [l.conv(padded, 3, 4, 3, { pads: [0, 0, 0, 0] })]);
  const low = l.op("InstanceNormalization", [
    l.conv(high, 4, 8, 3, { strides: [2, 2] }),
    l.weight([8]),
    l.weight([8]),
  ]);
  const up = l.op("ConvTranspose", [l.op("Elu", [low]), l.weight([8, 4, 2, 2])], {
    strides: [2, 2],
  });
  const scales = l.b.constant(float32(Float32Array.of(1, 1, 2, 2), [4]));
  const resized = l.op("Resize", [l.conv(low, 8, 2, 1), "", scales], { mode: "linear" });
  return l.classify(l.op("Concat", [high, up, resized], { axis: 1 }), 10);
};

export const architectures: readonly Architecture[] = [
  { name: "residual with batch normalisation", build: residual },
  { name: "residual, of the newest operator set", opset: NEWEST_OPSET, build: residual },
  { name: "dense", build: dense },
  { name: "squeeze and excitation, SiLU, depthwise", build: squeezeExcite },
  { name: "channel shuffle by computed shapes", build: channelShuffle },
  {
    name: "channel shuffle, of the newest operator set",
    opset: NEWEST_OPSET,
    build: channelShuffle,
  },
  { name: "inception with LRN", build: inception },
  { name: "inception with LRN, of the newest operator set", opset: NEWEST_OPSET, build: inception },
  { name: "ConvNeXt block", build: convNext },
  { name: "attention", build: attention },
  { name: "encoder and decoder", build: uNet },
];

/** The network [N, 3, 16, 16] -> logits [N, 5]. */
export function buildArchitecture({ build, opset = 18 }: Architecture): Model {
  const l = new LayerBuilder(opset);
  return build(l, l.b.input("x", ["N", 3, 16, 16]));
}
