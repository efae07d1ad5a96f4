/** Small networks for tests, made by the project's own graph builder. */
import { type AttributeValues, encodeModel, ModelBuilder } from "../shared/onnx/mod.ts";
import { normalAt } from "../shared/tensor/random.ts";
import { elementCount, float32, type Tensor } from "../shared/tensor/tensor.ts";
import { readFileSync } from "node:fs";
import { type Manifest, parseManifest } from "../shared/models/manifest.ts";

/** A tensor of normally distributed numbers of standard deviation `scale`. */
export function randomTensor(dims: readonly number[], seed: number, scale = 1): Tensor<"float32"> {
  const data = Float32Array.from(
    { length: elementCount(dims) },
    (_, i) => scale * normalAt(seed, i),
  );
  return float32(data, dims);
}

export interface ConvNetOptions {
  readonly channels?: number;
  readonly height?: number;
  readonly width?: number;
  readonly classes?: number;
  readonly seed?: number;
  /** A weight of the first layer. @default random */
  readonly firstWeight?: number;
  /** Whether the network ends in a Softmax, "prob". @default true */
  readonly softmax?: boolean;
  /** Wide layers that only take time, after the others. @default 0 */
  readonly work?: number;
}

/** x -> conv1 -> relu1 -> conv2 -> relu2 -> mean -> logits (-> prob). */
export function convNet(options: ConvNetOptions = {}): Uint8Array<ArrayBuffer> {
  const { channels = 3, height = 12, width = 12, classes = 5, seed = 1, softmax = true } = options;
  const first = options.firstWeight;
  const b = new ModelBuilder();
  let value = b.input("x", ["N", channels, height, width]);
  let depth = channels;
  for (const [i, filters] of [8, 8].entries()) {
    const tensor = randomTensor([filters, depth, 3, 3], seed + i, 0.4);
    if (i === 0 && first !== undefined) tensor.data[0] = first;
    const weights = b.constant(tensor, `w${i + 1}`);
    value = b.op("Conv", [value, weights], { pads: [1, 1, 1, 1] }, `conv${i + 1}`);
    value = b.op("Relu", [value], {}, `relu${i + 1}`);
    depth = filters;
  }
  for (let i = 0; i < (options.work ?? 0); i++) {
    for (const [from, to] of [[depth, 96], [96, depth]]) {
      const weights = b.constant(randomTensor([to, from, 3, 3], seed + i, 0.05));
      value = b.op("Conv", [value, weights], { pads: [1, 1, 1, 1] });
    }
  }
  const pooled = b.op("Flatten", [b.op("GlobalAveragePool", [value], {}, "mean")], {}, "flat");
  const w = b.constant(randomTensor([depth, classes], seed + 9), "w");
  const bias = b.constant(randomTensor([classes], seed + 10), "bias");
  b.output(b.op("Gemm", [pooled, w, bias], {}, "logits"));
  if (softmax) b.output(b.op("Softmax", ["logits"], { axis: 1 }, "prob"));
  return encodeModel(b.build());
}

/** x -> flat -> logits: an affine function of every pixel. */
export function linearNet(
  weights: Tensor<"float32">,
  [channels, height, width]: readonly [number, number, number],
): Uint8Array<ArrayBuffer> {
  const b = new ModelBuilder();
  const x = b.input("x", ["N", channels, height, width]);
  const flat = b.op("Flatten", [x], {}, "flat");
  b.output(b.op("MatMul", [flat, b.constant(weights, "w")], {}, "logits"));
  return encodeModel(b.build());
}

/**
 * A grouped convolution after a layer that is right. ONNX Runtime's WebGPU provider gets it wrong
 * when there are more than 4 output channels per group, and not a multiple of 4.
 */
export function groupedConvNet(groups: number, perGroup: number): Uint8Array<ArrayBuffer> {
  const dims = [groups * perGroup, 1, 3, 3];
  return oneConvNet(groups, dims, { group: groups, pads: [1, 1, 1, 1] });
}

/**
 * A convolution after a layer that is right. ONNX Runtime's WebGPU provider gets it wrong when the
 * input channels are a multiple of 3, not of 4, and more than 3, and the filters a multiple of 4.
 */
export function denseConvNet(channels: number, filters: number): Uint8Array<ArrayBuffer> {
  return oneConvNet(channels, [filters, channels, 3, 3], { pads: [1, 1, 1, 1] });
}

/** x [N, channels, 8, 8] -> relu -> conv, both outputs. */
function oneConvNet(
  channels: number,
  weights: readonly number[],
  attributes: AttributeValues,
): Uint8Array<ArrayBuffer> {
  const b = new ModelBuilder();
  const x = b.op("Relu", [b.input("x", ["N", channels, 8, 8])], {}, "relu");
  b.output("relu");
  b.output(b.op("Conv", [x, b.constant(randomTensor(weights, 3), "w")], attributes, "conv"));
  return encodeModel(b.build());
}

/** x of any extents but 3 in the middle -> y, both ways of leaving an extent open. */
export const openExtentsNet = build((b) => b.op("Relu", [b.input("x", [null, 3, -1])], {}, "y"));

function build(fill: (b: ModelBuilder) => string): Uint8Array<ArrayBuffer> {
  const b = new ModelBuilder();
  b.output(fill(b));
  return encodeModel(b.build());
}

/** Files that ONNX Runtime refuses, each for another reason. */
export const brokenNetworks = {
  "not ONNX": new TextEncoder().encode("no network"),
  "unknown operator": build((b) => b.op("Nonsense", [b.input("x", [1, 3])])),
  "unknown domain": foreignOperator(),
  "shapes": build((b) =>
    b.op("MatMul", [b.input("x", ["N", 3]), b.constant(randomTensor([4, 2], 1))])
  ),
  "at run time": build((b) =>
    b.op("Reshape", [b.input("x", [1, "C"]), b.input("shape", [1], "int64")], {}, "reshaped")
  ),
} as const;

function foreignOperator(): Uint8Array<ArrayBuffer> {
  const b = new ModelBuilder();
  b.output(b.op("Nonsense", [b.input("x", [1, 3])]));
  const model = b.build();
  const domain = "maker.example";
  const node = model.graph.node.map((item) => ({ ...item, domain }));
  return encodeModel({
    ...model,
    opsetImport: [...model.opsetImport, { domain, version: 1 }],
    graph: { ...model.graph, node },
  });
}

/** The manifest of a network of the catalogue, for tests of layers below the catalogue. */
export function listedManifest(id: string): Manifest {
  const url = new URL(`../models/manifests/${id}.json`, import.meta.url);
  return parseManifest(JSON.parse(readFileSync(url, "utf8")), `${id}.json`);
}
