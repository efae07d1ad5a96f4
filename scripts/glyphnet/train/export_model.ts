import { type Model, ModelBuilder } from "../../../shared/onnx/mod.ts";
import { elementCount, float32, type Tensor } from "../../../shared/tensor/tensor.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { layout, views } from "./flat_parameters.ts";
import { addImageInput, addLayers, denseLayers, normalizedLayers } from "./glyphnet.ts";
import { EPSILON } from "./training_graph.ts";

/**
 * The trained network for use: the running statistics are folded into the convolutions, so that
 * only Conv, Relu, MaxPool, Flatten, Gemm and Softmax are left. Input `image` [N, 3, side, side],
 * outputs the scores (`fc8` for five convolutions) and `prob` [N, classes].
 */
export function exportModel(checkpoint: Checkpoint): Model {
  const { shape } = checkpoint.options;
  const b = new ModelBuilder();
  const image = addImageInput(b, shape, "N");
  const parameters = views(layout(shape), checkpoint.parameters);
  let at = 0;
  for (const layer of normalizedLayers(shape)) {
    const count = parameters[`${layer}/bias`].dims[0];
    const mean = checkpoint.statistics.subarray(at, at + count);
    const variance = checkpoint.statistics.subarray(at + count, at + 2 * count);
    at += 2 * count;
    const [weight, bias] = fold(layer, parameters, mean, variance);
    b.constant(weight, `${layer}/weight`);
    b.constant(bias, `${layer}/bias`);
  }
  for (const layer of denseLayers(shape)) {
    for (const name of [`${layer}/weight`, `${layer}/bias`]) b.constant(parameters[name], name);
  }
  const names = (layer: string) => [`${layer}/weight`, `${layer}/bias`];
  const scores = addLayers(b, shape, image, names, (_, value) => value);
  const probabilities = b.op("Softmax", [scores], { axis: 1 }, "prob");
  for (const output of [scores, probabilities]) b.output(output, "float32", ["N", shape.classes]);
  return b.build();
}

/** gain (W x - mean) / deviation + bias as one convolution. */
function fold(
  layer: string,
  parameters: Readonly<Record<string, Tensor<"float32">>>,
  mean: Float32Array,
  variance: Float32Array,
): [weight: Tensor<"float32">, bias: Tensor<"float32">] {
  const [weight, gain, bias] = ["weight", "gain", "bias"].map((role) =>
    parameters[`${layer}/${role}`]
  );
  const perChannel = elementCount(weight.dims.slice(1));
  const factors = gain.data.map((value, i) => value / Math.sqrt(variance[i] + EPSILON));
  return [
    float32(
      weight.data.map((value, i) => value * factors[Math.floor(i / perChannel)]),
      weight.dims,
    ),
    float32(bias.data.map((value, i) => value - mean[i] * factors[i]), bias.dims),
  ];
}
