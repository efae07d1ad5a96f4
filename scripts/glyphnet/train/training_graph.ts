import { differentiate, type GradientModel } from "../../../shared/grad/mod.ts";
import { type Model, ModelBuilder } from "../../../shared/onnx/mod.ts";
import { float32 } from "../../../shared/tensor/tensor.ts";
import {
  addImageInput,
  addLayers,
  type GlyphnetShape,
  normalizedLayers,
  parametersOf,
} from "./glyphnet.ts";

/** Added to variances before the root is taken. */
export const EPSILON = 1e-5;

/** A graph that computes the loss of a batch and the gradient of every parameter. */
export interface TrainingGraph extends GradientModel {
  /** Name of the scores [batch, classes]. */
  readonly scores: string;
  /** Names of the batch's mean and variance of every normalised layer, [1, channels, 1, 1]. */
  readonly statistics: Readonly<
    Record<string, { readonly mean: string; readonly variance: string }>
  >;
}

const meanOf = (layer: string) => `${layer}/mean`;
const varianceOf = (layer: string) => `${layer}/variance`;

/**
 * The training step's graph: inputs `image` [batch, 3, side, side], `targets` [batch, classes]
 * (the requested probabilities) and the parameters; outputs the mean cross-entropy, its gradients, the
 * scores and the batch statistics (Ioffe and Szegedy, 2015), written in primitive operators.
 */
export function trainingGraph(shape: GlyphnetShape, batch: number): TrainingGraph {
  const layers = normalizedLayers(shape);
  const statistics = Object.fromEntries(
    layers.map((layer) => [layer, { mean: meanOf(layer), variance: varianceOf(layer) }]),
  );
  const { model, scores } = forwardModel(shape, batch);
  const gradient = differentiate(model, {
    objective: (emit) => {
      const logProbability = emit.op("LogSoftmax", [scores], { axis: 1 });
      const agreement = emit.op("ReduceSum", [emit.mul(logProbability, "targets")], {
        keepdims: 0,
      });
      return emit.scale(agreement, -1 / batch);
    },
    wrt: parametersOf(shape).map(({ name }) => name),
    outputs: [scores, ...layers.flatMap((layer) => [meanOf(layer), varianceOf(layer)])],
  });
  return { ...gradient, scores, statistics };
}

function forwardModel(shape: GlyphnetShape, batch: number): { model: Model; scores: string } {
  const b = new ModelBuilder();
  const image = addImageInput(b, shape, batch);
  b.input("targets", [batch, shape.classes]);
  for (const { name, dims } of parametersOf(shape)) b.input(name, dims);
  const scores = addLayers(
    b,
    shape,
    image,
    (layer) => [`${layer}/weight`],
    normalizeByBatch,
  );
  b.output(scores, "float32", [batch, shape.classes]);
  return { model: b.build(), scores };
}

function normalizeByBatch(b: ModelBuilder, value: string, layer: string): string {
  const axes = b.constant({ type: "int64", dims: [3], data: BigInt64Array.of(0n, 2n, 3n) });
  const perChannel = b.constant({
    type: "int64",
    dims: [4],
    data: BigInt64Array.of(1n, -1n, 1n, 1n),
  });
  const epsilon = b.constant(float32(Float32Array.of(EPSILON), []));
  const mean = b.op("ReduceMean", [value, axes], { keepdims: 1 }, meanOf(layer));
  const centred = b.op("Sub", [value, mean]);
  const squares = b.op("Mul", [centred, centred]);
  const variance = b.op("ReduceMean", [squares, axes], { keepdims: 1 }, varianceOf(layer));
  const deviation = b.op("Sqrt", [b.op("Add", [variance, epsilon])]);
  const gain = b.op("Reshape", [`${layer}/gain`, perChannel]);
  const bias = b.op("Reshape", [`${layer}/bias`, perChannel]);
  const scaled = b.op("Mul", [centred, b.op("Div", [gain, deviation])]);
  return b.op("Add", [scaled, bias]);
}
