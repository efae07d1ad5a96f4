/** Small classifiers as exporters of 2024 to 2026 write them, habits, names and all. */
import {
  type AttributeValues,
  encodeModel,
  float,
  type FunctionProto,
  type Model,
  ModelBuilder,
} from "../shared/onnx/mod.ts";
import { float32, type Tensor } from "../shared/tensor/tensor.ts";
import { randomTensor } from "./networks.ts";

export const SIZE = 16;
export const CLASSES = 5;

/** A file of an exporter, and what it holds. */
export interface ExportedNetwork {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The tensor with the scores of the classes before they become probabilities. */
  readonly scores: string;
  /** The image as the file takes it, of what it is as [1, 3, H, W]. @default as it is */
  readonly feed?: (image: Tensor<"float32">) => Tensor;
  /** Largest change of an element of the input that its gradient is compared with. */
  readonly step?: number;
  /** Whether rounding is passed as the identity, so that differences show steps. */
  readonly isQuantised?: boolean;
  readonly labels?: readonly string[];
}

/** A builder with weights and the domains that are used. */
class Exporter {
  readonly b: ModelBuilder;
  readonly #domains = new Set<string>();
  #seed = 1;

  constructor(opset: number) {
    this.b = new ModelBuilder({ opset });
  }

  weight(dims: readonly number[], name?: string, scale = 0.4): string {
    return this.b.constant(randomTensor(dims, this.#seed++, scale), name);
  }

  list(values: readonly number[], name?: string): string {
    return this.b.constant(float32(Float32Array.from(values), [values.length]), name);
  }

  scalar(value: number): string {
    return this.b.constant(float32(Float32Array.of(value), []));
  }

  ints(...values: number[]): string {
    return this.b.constant({
      type: "int64",
      dims: [values.length],
      data: BigInt64Array.from(values, BigInt),
    });
  }

  index(value: number): string {
    return this.b.constant({ type: "int64", dims: [], data: BigInt64Array.of(BigInt(value)) });
  }

  op(type: string, inputs: readonly string[], values: AttributeValues = {}, name?: string): string {
    return this.b.op(type, inputs, values, name);
  }

  /** An operator of another domain than the standard's. */
  other(
    domain: string,
    type: string,
    inputs: readonly string[],
    values: AttributeValues,
    outputs: readonly string[],
  ): readonly string[] {
    this.#domains.add(domain);
    this.b.ops(type, inputs, values, outputs.filter((name) => name !== ""));
    Object.assign(this.b.lastNode, { domain, output: outputs });
    return outputs;
  }

  build(more: Partial<Model> = {}): Uint8Array<ArrayBuffer> {
    const model = this.b.build();
    const domains = [...this.#domains].map((domain) => ({ domain, version: 1 }));
    return encodeModel({ ...model, opsetImport: [...model.opsetImport, ...domains], ...more });
  }
}

/** [1, 3, H, W] as [1, H, W, 3]. */
const channelsLast = ({ data }: Tensor<"float32">): Float32Array<ArrayBuffer> => {
  const area = SIZE * SIZE;
  return Float32Array.from(data, (_, i) => data[i % 3 * area + Math.floor(i / 3)]);
};

/** PyTorch 2.x, dynamo: a function of onnxscript, axes as inputs, sequences of chunks, GELU, norms. */
function dynamo(): ExportedNetwork {
  const e = new Exporter(20);
  const x = e.b.input("x", ["s77", 3, SIZE, SIZE]);
  const conv = e.op("Conv", [x, e.weight([8, 3, 3, 3], "stem.weight")], {
    pads: [1, 1, 1, 1],
  }, "conv2d");
  const [relu] = e.other("pkg.onnxscript.torch_lib", "aten_relu", [conv], {}, ["relu"]);
  const parts = e.op("SplitToSequence", [relu, e.index(4)], { axis: 1 }, "split");
  const [value, gate] = [0, 1].map((i) =>
    e.op("SequenceAt", [parts, e.index(i)], {}, `getitem_${i}`)
  );
  const gated = e.op("Mul", [value, e.op("Gelu", [gate], {}, "gelu")], {}, "mul");
  const last = e.op("Transpose", [gated], { perm: [0, 2, 3, 1] }, "permute");
  const normed = e.op("LayerNormalization", [last, e.weight([4]), e.weight([4])], {
    axis: -1,
    // Large, so that differences are smooth where all channels are 0.
    epsilon: float(0.1),
  }, "layer_norm");
  const pooled = e.op("ReduceMean", [normed, e.ints(1, 2)], { keepdims: 0 }, "mean");
  e.b.output(e.op("Gemm", [pooled, e.weight([CLASSES, 4]), e.weight([CLASSES])], {
    transB: 1,
  }, "linear"));
  const relu_: FunctionProto = {
    name: "aten_relu",
    domain: "pkg.onnxscript.torch_lib",
    input: ["self"],
    output: ["result"],
    attribute: [],
    attributeProto: [],
    opsetImport: [{ domain: "", version: 20 }],
    node: [{
      opType: "Relu",
      name: "n0",
      input: ["self"],
      output: ["result"],
      attribute: [],
      metadataProps: [],
    }],
  };
  return { name: "PyTorch (dynamo)", bytes: e.build({ functions: [relu_] }), scores: "linear" };
}

/** PyTorch, TorchScript: shapes that are computed, names with slashes, Identity of shared weights. */
function torchScript(): ExportedNetwork {
  const e = new Exporter(11);
  const x = e.b.input("input.1", ["batch", 3, SIZE, SIZE]);
  const shared = e.op("Identity", [e.weight([8], "bn.bias")], {}, "/bn/Identity_output_0");
  const conv = e.op("Conv", [x, e.weight([8, 3, 3, 3]), shared], {
    strides: [2, 2],
  }, "/features/0/Conv_output_0");
  const relu = e.op("Relu", [conv], {}, "/features/1/Relu_output_0");
  const shape = e.op("Shape", [relu], {}, "/Shape_output_0");
  const batch = e.op("Gather", [shape, e.index(0)], { axis: 0 }, "/Gather_output_0");
  const wide = e.op("Unsqueeze", [batch], { axes: [0] }, "/Unsqueeze_output_0");
  const target = e.op("Concat", [wide, e.ints(-1)], { axis: 0 }, "/Concat_output_0");
  const pooled = e.op("AveragePool", [relu], { kernel_shape: [7, 7] }, "/pool_output_0");
  const flat = e.op("Reshape", [pooled, target], {}, "/Reshape_output_0");
  e.b.output(e.op("Gemm", [flat, e.weight([CLASSES, 8]), e.weight([CLASSES])], {
    transB: 1,
  }, "495"));
  return { name: "PyTorch (TorchScript)", bytes: e.build(), scores: "495" };
}

/** tf2onnx of Keras: channels last, names with :0, paddings that are said, a softmax at the end. */
function tensorflow(): ExportedNetwork {
  const e = new Exporter(13);
  const x = e.b.input("input_1:0", ["unk__42", SIZE, SIZE, 3]);
  const first = e.op("Transpose", [x], { perm: [0, 3, 1, 2] }, "model/conv/Conv2D__6:0");
  const conv = e.op("Conv", [first, e.weight([6, 3, 3, 3])], {
    auto_pad: "SAME_UPPER",
    strides: [2, 2],
  }, "model/conv/Conv2D:0");
  const stored = [e.list([1, 2, 1, 0.5, 1, 1]), e.weight([6]), e.weight([6])];
  const normed = e.op("BatchNormalization", [conv, ...stored, e.list([1, 1, 2, 1, 1, 1])], {
    epsilon: float(1e-3),
  }, "model/bn/FusedBatchNormV3:0");
  const bent = e.op("Clip", [normed, e.scalar(0), e.scalar(6)], {}, "model/relu/Relu6:0");
  const pooled = e.op("ReduceMean", [bent], { axes: [2, 3], keepdims: 0 }, "model/gap/Mean:0");
  const product = e.op("MatMul", [pooled, e.weight([6, CLASSES])], {}, "model/out/MatMul:0");
  const scores = e.op("Add", [product, e.weight([CLASSES])], {}, "model/out/BiasAdd:0");
  e.b.output(e.op("Softmax", [scores], { axis: -1 }, "predictions"));
  return {
    name: "tf2onnx",
    bytes: e.build(),
    scores,
    feed: (image) => float32(channelsLast(image), [1, SIZE, SIZE, 3]),
  };
}

/** Keras 3 with its preprocessing inside: levels as uint8, scaled in the graph. */
function keras(): ExportedNetwork {
  const e = new Exporter(17);
  const x = e.b.input("keras_tensor", ["unk__7", SIZE, SIZE, 3], "uint8");
  const cast = e.op("Cast", [x], { to: 1 }, "functional_1/cast/Cast:0");
  const scaled = e.op("Sub", [e.op("Mul", [cast, e.scalar(2 / 255)]), e.scalar(1)]);
  const first = e.op("Transpose", [scaled], { perm: [0, 3, 1, 2] });
  const conv = e.op("Conv", [first, e.weight([6, 3, 3, 3])], {}, "functional_1/conv:0");
  const swish = e.op("Mul", [conv, e.op("Sigmoid", [conv])], {}, "functional_1/silu:0");
  const pooled = e.op("GlobalAveragePool", [swish]);
  const flat = e.op("Squeeze", [pooled, e.ints(2, 3)]);
  const product = e.op("MatMul", [flat, e.weight([6, CLASSES])], {}, "functional_1/logits:0");
  e.b.output(e.op("Softmax", [product], { axis: -1 }, "output_0"));
  return {
    name: "Keras 3",
    bytes: e.build(),
    scores: "functional_1/logits:0",
    // Levels, of which one is little.
    step: 2,
    feed: (image) => ({
      type: "uint8",
      dims: [1, SIZE, SIZE, 3],
      data: Uint8Array.from(channelsLast(image)),
    }),
  };
}

/** paddle2onnx: x, names by number, hard swish and group norm spelled out, a softmax at the end. */
function paddle(): ExportedNetwork {
  const e = new Exporter(11);
  const x = e.b.input("x", [-1, 3, SIZE, SIZE]);
  const conv = e.op("Conv", [x, e.weight([6, 3, 3, 3])], { pads: [1, 1, 1, 1] }, "conv2d_0.tmp_0");
  const gate = e.op("Clip", [e.op("Add", [conv, e.scalar(3)]), e.scalar(0), e.scalar(6)]);
  const swish = e.op("Mul", [conv, e.op("Div", [gate, e.scalar(6)])], {}, "hardswish_0.tmp_0");
  const groups = e.op("Reshape", [swish, e.ints(0, 2, -1)]);
  const scaled = e.op("InstanceNormalization", [groups, e.list([1, 1]), e.list([0, 0])], {
    epsilon: float(1e-5),
  });
  const back = e.op("Reshape", [scaled, e.op("Shape", [swish])]);
  const normed = e.op("Mul", [back, e.weight([6, 1, 1])], {}, "group_norm_0.tmp_2");
  const pooled = e.op("GlobalMaxPool", [normed], {}, "pool2d_0.tmp_0");
  const flat = e.op("Reshape", [pooled, e.ints(-1, 6)], {}, "flatten_0.tmp_0");
  const product = e.op("MatMul", [flat, e.weight([6, CLASSES])], {}, "linear_0.tmp_0");
  const scores = e.op("Add", [product, e.weight([CLASSES])], {}, "linear_0.tmp_1");
  e.b.output(e.op("Softmax", [scores], { axis: -1 }, "softmax_0.tmp_0"));
  return { name: "paddle2onnx", bytes: e.build(), scores };
}

/** skl2onnx behind a network: a scaler, one class against the rest, and a dictionary of names. */
function sklearn(): ExportedNetwork {
  const e = new Exporter(15);
  const x = e.b.input("X", [null, 3, SIZE, SIZE]);
  const conv = e.op("Conv", [x, e.weight([4, 3, 3, 3])], {}, "features");
  const flat = e.op("Flatten", [e.op("GlobalAveragePool", [e.op("Tanh", [conv])])]);
  const ml = "ai.onnx.ml";
  const [scaled] = e.other(ml, "Scaler", [flat], {
    offset: float([0, 0.1, -0.1, 0]),
    scale: float([2, 3, 4, 5]),
  }, ["variable"]);
  const labels = ["ant", "bee", "cat", "dog", "eel"];
  e.other(ml, "LinearClassifier", [scaled], {
    coefficients: float(Array.from({ length: 4 * CLASSES }, (_, i) => Math.sin(3 * i + 1))),
    intercepts: float([0.1, 0, -0.2, 0.3, 0]),
    classlabels_strings: labels,
    post_transform: "SOFTMAX",
  }, ["label", "probability_tensor"]);
  const [normed] = e.other(ml, "Normalizer", ["probability_tensor"], { norm: "L1" }, [
    "probabilities",
  ]);
  e.b.output(e.op("Identity", [normed], {}, "output_probability"));
  return { name: "skl2onnx", bytes: e.build(), scores: "" };
}

/** ONNX Runtime's optimiser and 4-bit weights, as transformers.js has them: model_q4.onnx. */
function runtime(): ExportedNetwork {
  const e = new Exporter(17);
  const ms = "com.microsoft";
  const x = e.b.input("pixel_values", ["batch_size", 3, SIZE, SIZE]);
  const [maps] = e.other(ms, "FusedConv", [x, e.weight([16, 3, 4, 4])], {
    activation: "Relu",
    strides: [4, 4],
  }, ["patches"]);
  const tokens = e.op("Transpose", [e.op("Reshape", [maps, e.ints(0, 16, -1)])], {
    perm: [0, 2, 1],
  });
  const inputs = [tokens, e.weight([1, 16, 16]), e.weight([16]), e.weight([16])];
  const [normed] = e.other(ms, "SkipLayerNormalization", inputs, {}, [
    "normed",
    "",
    "",
    "summed",
  ]);
  const stored = e.b.constant({
    type: "uint8",
    dims: [16, 1, 8],
    data: Uint8Array.from({ length: 128 }, (_, i) => i * 91 % 256),
  });
  const scales = e.list(Array.from({ length: 16 }, (_, i) => 0.02 + i / 1000));
  const [mixed] = e.other(ms, "MatMulNBits", [normed, stored, scales], {
    ...{ N: 16, K: 16, bits: 4, block_size: 16 },
  }, ["mixed"]);
  const [bent] = e.other(ms, "BiasGelu", [mixed, e.weight([16])], {}, ["bent"]);
  const sum = e.op("Add", [bent, "summed"]);
  const pooled = e.op("ReduceMean", [sum], { axes: [1], keepdims: 0 });
  e.b.output(e.op("Gemm", [pooled, e.weight([16, CLASSES])], {}, "logits"));
  return { name: "ONNX Runtime, 4 bits", bytes: e.build(), scores: "logits" };
}

/** A quantiser's QDQ with scales of its own for each channel. */
function quantised(): ExportedNetwork {
  const e = new Exporter(13);
  const x = e.b.input("input", [1, 3, SIZE, SIZE]);
  const zero = e.b.constant({ type: "int8", dims: [], data: Int8Array.of(0) });
  const zeros = e.b.constant({ type: "int8", dims: [6], data: new Int8Array(6) });
  const pair = (value: string, scale: number) => {
    const inputs = [e.scalar(scale), zero];
    return e.op("DequantizeLinear", [e.op("QuantizeLinear", [value, ...inputs]), ...inputs]);
  };
  const kernels = e.b.constant({
    type: "int8",
    dims: [6, 3, 3, 3],
    data: Int8Array.from({ length: 162 }, (_, i) => i * 37 % 255 - 127),
  });
  const weights = e.op("DequantizeLinear", [
    kernels,
    e.list([0.004, 0.003, 0.005, 0.002, 0.004, 0.003]),
    zeros,
  ], { axis: 0 });
  const conv = e.op("Conv", [pair(x, 0.03), weights], {}, "conv");
  const relu = pair(e.op("Relu", [conv], {}, "relu"), 0.02);
  const flat = e.op("Flatten", [e.op("GlobalAveragePool", [relu])]);
  e.b.output(e.op("Gemm", [flat, e.weight([6, CLASSES])], {}, "scores"));
  return { name: "QDQ", bytes: e.build(), scores: "scores", isQuantised: true };
}

/** Ultralytics: names and size in its metadata, SiLU, a softmax at the end. */
function ultralytics(): ExportedNetwork {
  const e = new Exporter(19);
  const x = e.b.input("images", [1, 3, SIZE, SIZE]);
  const conv = e.op("Conv", [x, e.weight([8, 3, 3, 3])], {
    pads: [1, 1, 1, 1],
    strides: [2, 2],
  }, "/model.0/conv/Conv_output_0");
  const silu = e.op("Mul", [conv, e.op("Sigmoid", [conv])], {}, "/model.0/act/Mul_output_0");
  const [left, right] = e.b.ops("Split", [silu], { axis: 1, num_outputs: 2 }, ["left", "right"]);
  const joined = e.op("Concat", [left, e.op("Add", [left, right]), right], { axis: 1 });
  const pooled = e.op("Flatten", [e.op("GlobalAveragePool", [joined])]);
  const scores = e.op("Gemm", [pooled, e.weight([CLASSES, 12]), e.weight([CLASSES])], {
    transB: 1,
  }, "/model.9/linear/Gemm_output_0");
  e.b.output(e.op("Softmax", [scores], { axis: 1 }, "output0"));
  const metadata = {
    task: "classify",
    imgsz: `[${SIZE}, ${SIZE}]`,
    names: "{0: 'ant', 1: 'bee', 2: 'cat', 3: 'dog', 4: 'eel'}",
  };
  const metadataProps = Object.entries(metadata).map(([key, value]) => ({ key, value }));
  return {
    name: "Ultralytics",
    bytes: e.build({ metadataProps }),
    scores,
    labels: ["ant", "bee", "cat", "dog", "eel"],
  };
}

/** A network of torchvision's operators: deformed windows and aligned regions. */
function torchvision(): ExportedNetwork {
  const e = new Exporter(20);
  const x = e.b.input("input", ["N", 3, SIZE, SIZE]);
  const offsets = e.op("Conv", [x, e.weight([18, 3, 3, 3], undefined, 0.05)], {
    pads: [1, 1, 1, 1],
  }, "offset");
  const maps = e.op("DeformConv", [x, e.weight([6, 3, 3, 3]), offsets], {
    pads: [1, 1, 1, 1],
  }, "deformed");
  const regions = e.b.constant(float32(Float32Array.of(1, 2, 13, 14), [1, 4]));
  const aligned = e.op("RoiAlign", [e.op("Sigmoid", [maps]), regions, e.ints(0)], {
    output_height: 3,
    output_width: 3,
    sampling_ratio: 2,
  }, "aligned");
  const flat = e.op("Flatten", [aligned]);
  e.b.output(e.op("Gemm", [flat, e.weight([54, CLASSES])], {}, "logits"));
  return { name: "torchvision's operators", bytes: e.build(), scores: "logits" };
}

/** Columns of a convolution as a sequence, as networks that read text have them. */
function sequence(): ExportedNetwork {
  const e = new Exporter(14);
  const x = e.b.input("x", [-1, 3, SIZE, SIZE]);
  const conv = e.op("Conv", [x, e.weight([6, 3, 4, 4])], { strides: [4, 4] }, "conv");
  const columns = e.op("Transpose", [e.op("ReduceMean", [conv], { axes: [2], keepdims: 0 })], {
    perm: [2, 0, 1],
  });
  const inputs = [columns, e.weight([2, 16, 6]), e.weight([2, 16, 4]), e.weight([2, 32])];
  const [, last] = e.b.ops("LSTM", inputs, { hidden_size: 4, direction: "bidirectional" }, [
    "steps",
    "last",
  ]);
  const flat = e.op("Reshape", [e.op("Transpose", [last], { perm: [1, 0, 2] }), e.ints(-1, 8)]);
  e.b.output(e.op("Gemm", [flat, e.weight([8, CLASSES])], {}, "logits"));
  return { name: "recurrent layers", bytes: e.build(), scores: "logits" };
}

/** A layer in the frequency domain, as torch.fft is exported. */
function spectral(): ExportedNetwork {
  const e = new Exporter(18);
  const x = e.b.input("x", ["batch", 3, SIZE, SIZE]);
  const conv = e.op("Conv", [x, e.weight([4, 3, 3, 3])], { pads: [1, 1, 1, 1] }, "conv");
  const wide = e.op("Unsqueeze", [conv, e.ints(4)]);
  const rows = e.op("DFT", [wide], { axis: 3, onesided: 1 });
  const both = e.op("DFT", [rows], { axis: 2 });
  const filtered = e.op("Mul", [both, e.weight([4, SIZE, SIZE / 2 + 1, 2])]);
  const back = e.op("DFT", [filtered], { axis: 2, inverse: 1 });
  const power = e.op("ReduceSumSquare", [back, e.ints(2, 3, 4)], { keepdims: 0 });
  const flat = e.op("Log", [e.op("Add", [power, e.scalar(1)])]);
  e.b.output(e.op("Gemm", [flat, e.weight([4, CLASSES])], {}, "logits"));
  return { name: "torch.fft", bytes: e.build(), scores: "logits" };
}

export const EXPORTED: readonly ExportedNetwork[] = [
  dynamo(),
  torchScript(),
  tensorflow(),
  keras(),
  paddle(),
  sklearn(),
  runtime(),
  quantised(),
  ultralytics(),
  torchvision(),
  sequence(),
  spectral(),
];
