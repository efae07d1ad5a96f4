import { differentiate, projection } from "../grad/mod.ts";
import type { ManifestInput } from "../models/mod.ts";
import { type Model, ModelBuilder } from "../onnx/mod.ts";
import { normalAt } from "../tensor/random.ts";
import { elementCount, float32, type Tensor } from "../tensor/tensor.ts";
import { withAdamStep } from "./adam_step.ts";
import { colorBasis } from "./color_basis.ts";
import { frequencies, hartleyMatrix } from "./hartley.ts";

/** Standard deviation of the spectrum at the start. */
const START = 0.01;

/** The spectrum is damped by this, so that the sigmoid is steep where a picture starts. */
const DAMPING = 4;

/** Names in the model of {@linkcode fourierPicture}. */
export const FOURIER = {
  spectrum: "spectrum",
  upstream: "upstream",
  picture: "picture",
} as const;

/**
 * A picture written as its spectrum in decorrelated colours, as a model that makes one step of Adam
 * along the gradient of the spectrum. It takes the spectrum and `upstream`, the gradient by the
 * picture, and makes the next spectrum and `picture`, what that looks like to the network: never
 * beyond what a picture can show.
 *
 * @see Olah et al., "Feature Visualization", Distill, 2017
 */
export function fourierPicture(dims: readonly number[], input: ManifestInput) {
  const b = new ModelBuilder();
  const spectrum = b.input(FOURIER.spectrum, dims);
  const draw = pictureNodes(b, dims, input);
  b.output(draw(b, spectrum, "drawn"));
  const gradient = differentiate(b.build(), {
    objective: projection("drawn", FOURIER.upstream),
    wrt: [spectrum],
  });
  const adam = withAdamStep(gradient, spectrum);
  const next = new ModelBuilder({ base: adam.model, prefix: "next/" });
  next.output(draw(next, adam.next, FOURIER.picture));
  const model: Model = next.build();
  return { ...adam, model };
}

/** The spectrum of a faint random picture. */
export function randomSpectrum(dims: readonly number[], seed: number): Tensor<"float32"> {
  const data = Float32Array.from(
    { length: elementCount(dims) },
    (_, i) => START * normalAt(seed, i),
  );
  return float32(data, dims);
}

/** Adds the constants, and returns what adds the nodes from a spectrum to the network's input. */
function pictureNodes(b: ModelBuilder, dims: readonly number[], input: ManifestInput) {
  const [, channels, height, width] = dims;
  const planes = [channels, 1, 1];
  const least = 1 / Math.max(height, width);
  // A complex coefficient stands for two real ones, hence the root of 2.
  const weights = frequencies(height, width)
    .map((frequency) => Math.SQRT2 / DAMPING / Math.max(frequency, least));
  const constant = (values: ArrayLike<number>, shape: readonly number[], name: string) =>
    b.constant(float32(Float32Array.from(values), shape), name);
  const names = {
    weights: constant(weights, [height, width], "weights"),
    vertical: constant(hartleyMatrix(height), [height, height], "vertical"),
    horizontal: constant(hartleyMatrix(width), [width, width], "horizontal"),
    colors: constant(colorBasis(input.channelOrder), [channels, channels], "colors"),
    flat: b.constant({
      type: "int64",
      dims: [3],
      data: BigInt64Array.of(1n, BigInt(channels), -1n),
    }, "flat"),
    shape: b.constant(
      { type: "int64", dims: [4], data: BigInt64Array.from(dims, BigInt) },
      "shape",
    ),
    contrast: constant(input.std.map((std) => 255 * input.scale / std), planes, "contrast"),
    black: constant(input.std.map((std, c) => -input.mean[c] / std), planes, "black"),
  };
  return (on: ModelBuilder, spectrum: string, name: string) => {
    const damped = on.op("Mul", [spectrum, names.weights]);
    const columns = on.op("MatMul", [names.vertical, damped]);
    const components = on.op("MatMul", [columns, names.horizontal]);
    const list = on.op("Reshape", [components, names.flat]);
    const colored = on.op("Reshape", [on.op("MatMul", [names.colors, list]), names.shape]);
    const scaled = on.op("Mul", [on.op("Sigmoid", [colored]), names.contrast]);
    return on.op("Add", [scaled, names.black], {}, name);
  };
}
