/** As the exporters of the frameworks write them. */
import { float, type FunctionProto } from "../../shared/onnx/mod.ts";
import { float32 } from "../../shared/tensor/tensor.ts";
import { channelsLast, CLASSES, type ExportedNetwork, Exporter, SIZE } from "./exporter.ts";

/** PyTorch 2.x, dynamo: a function of onnxscript, axes as inputs, sequences of chunks, GELU, norms. */
export function dynamo(): ExportedNetwork {
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
export function torchScript(): ExportedNetwork {
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
export function tensorflow(): ExportedNetwork {
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
export function keras(): ExportedNetwork {
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
export function paddle(): ExportedNetwork {
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
export function sklearn(): ExportedNetwork {
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
