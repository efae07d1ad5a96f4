import { type Dim, ModelBuilder } from "../../../shared/onnx/mod.ts";

/** A convolution with its rectifier, and the 3 x 3 maximum pool of stride 2 that may follow. */
export interface ConvLayer {
  readonly channels: number;
  readonly kernel: number;
  readonly stride: number;
  readonly isPooled: boolean;
}

/** AlexNet's shape: convolutions conv1, conv2, ..., then two hidden layers and the scores. */
export interface GlyphnetShape {
  /** Side of the square input in pixels. */
  readonly side: number;
  readonly convs: readonly ConvLayer[];
  readonly hidden: readonly number[];
  readonly classes: number;
}

/** A trained tensor of the network. */
export interface Parameter {
  readonly name: string;
  readonly dims: readonly number[];
  /** Gains and biases are neither decayed nor drawn at random. */
  readonly role: "weight" | "gain" | "bias";
}

/** Names of the layers that are normalised by batch statistics while training. */
export function normalizedLayers({ convs }: GlyphnetShape): string[] {
  return convs.map((_, i) => `conv${i + 1}`);
}

/** Names of the fully connected layers; the last gives the scores. */
export function denseLayers({ convs, hidden }: GlyphnetShape): string[] {
  return [...hidden, 0].map((_, i) => `fc${convs.length + i + 1}`);
}

/** Every trained tensor, in the order in which checkpoints hold them. */
export function parametersOf(shape: GlyphnetShape): Parameter[] {
  const { convs, hidden, classes } = shape;
  const result: Parameter[] = [];
  let channels = 3;
  convs.forEach(({ channels: out, kernel }, i) => {
    const layer = `conv${i + 1}`;
    result.push(
      { name: `${layer}/weight`, dims: [out, channels, kernel, kernel], role: "weight" },
      { name: `${layer}/gain`, dims: [out], role: "gain" },
      { name: `${layer}/bias`, dims: [out], role: "bias" },
    );
    channels = out;
  });
  let features = channels * featureSide(shape) ** 2;
  const names = denseLayers(shape);
  [...hidden, classes].forEach((out, i) => {
    result.push(
      { name: `${names[i]}/weight`, dims: [out, features], role: "weight" },
      { name: `${names[i]}/bias`, dims: [out], role: "bias" },
    );
    features = out;
  });
  return result;
}

/** Side of the last feature map: strides and pools round up. */
function featureSide({ side, convs }: GlyphnetShape): number {
  return convs.reduce(
    (extent, { stride, isPooled }) => Math.ceil(Math.ceil(extent / stride) / (isPooled ? 2 : 1)),
    side,
  );
}

/** What a convolution is followed by: its output's name, and that of its normalised form. */
export type Normalize = (b: ModelBuilder, value: string, layer: string) => string;

/**
 * Adds the layers of the network to a graph that has the input `image` and, under their names, the
 * parameters. Adds conv1 to conv5 (after `normalize`), relu1 ..., pool1 ..., fc6 ..., the scores.
 *
 * @param convInputs Names of a convolution's parameters, after its input.
 * @param normalize What stands between a convolution and its rectifier.
 * @returns The name of the scores.
 */
export function addLayers(
  b: ModelBuilder,
  shape: GlyphnetShape,
  image: string,
  convInputs: (layer: string) => string[],
  normalize: Normalize,
): string {
  let value = image;
  let extent = shape.side;
  shape.convs.forEach(({ kernel, stride, isPooled }, i) => {
    const number = i + 1;
    const layer = `conv${number}`;
    const attributes = {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: pads(extent, kernel, stride),
    };
    value = normalize(b, b.op("Conv", [value, ...convInputs(layer)], attributes, layer), layer);
    value = b.op("Relu", [value], {}, `relu${number}`);
    extent = Math.ceil(extent / stride);
    if (!isPooled) return;
    const pool = { kernel_shape: [3, 3], strides: [2, 2], pads: pads(extent, 3, 2) };
    value = b.op("MaxPool", [value], pool, `pool${number}`);
    extent = Math.ceil(extent / 2);
  });
  value = b.op("Flatten", [value], { axis: 1 }, "flat");
  const names = denseLayers(shape);
  names.forEach((layer, i) => {
    const parameters = [`${layer}/weight`, `${layer}/bias`];
    value = b.op("Gemm", [value, ...parameters], { transB: 1 }, layer);
    const isLast = i === names.length - 1;
    if (!isLast) value = b.op("Relu", [value], {}, layer.replace("fc", "relu"));
  });
  return value;
}

/** Pads [top, left, bottom, right] that give ceil(extent / stride) windows. */
function pads(extent: number, kernel: number, stride: number): number[] {
  const reach = (Math.ceil(extent / stride) - 1) * stride + kernel;
  const total = Math.max(0, reach - extent);
  const before = Math.floor(total / 2);
  return [before, before, total - before, total - before];
}

/** Declares the input `image` [batch, 3, side, side]. */
export function addImageInput(b: ModelBuilder, { side }: GlyphnetShape, batch: Dim): string {
  return b.input("image", [batch, 3, side, side]);
}
