/** As optimisers, quantisers and Ultralytics write them, and with layers that few networks have. */
import { float32 } from "../../shared/tensor/tensor.ts";
import { CLASSES, type ExportedNetwork, Exporter, SIZE } from "./exporter.ts";

/** ONNX Runtime's optimiser and 4-bit weights, as transformers.js has them: model_q4.onnx. */
export function runtime(): ExportedNetwork {
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
export function quantised(): ExportedNetwork {
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
export function ultralytics(): ExportedNetwork {
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
export function torchvision(): ExportedNetwork {
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
export function sequence(): ExportedNetwork {
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
export function spectral(): ExportedNetwork {
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
