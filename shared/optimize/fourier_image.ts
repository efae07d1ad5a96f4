import { differentiate, projection } from "../grad/mod.ts";
import type { ManifestInput } from "../models/mod.ts";
import { int64List, type Model, ModelBuilder } from "../onnx/mod.ts";
import { normalAt } from "../tensor/random.ts";
import { elementCount, float32, type Tensor } from "../tensor/tensor.ts";
import { type AdamModel, withAdamStep } from "./adam_step.ts";

/** Standard deviation of the spectrum at the start. */
const START = 0.01;

/** The spectrum is damped by this, so that the sigmoid is steep where an image starts. */
const DAMPING = 4;

/** Cycles per pixel that weigh the same however steeply weights fall. */
const PIVOT = 1 / 16;

/** Names in the model of {@linkcode fourierImage}. */
export const FOURIER = {
  spectrum: "spectrum",
  /** What the spectrum looks like before colours; comes out as `nextComponents`. */
  components: "components",
  nextComponents: "next/components",
  /** The gradient by the image. */
  upstream: "upstream",
  image: "image",
} as const;

/** The model of an image that is written as a spectrum. */
export interface FourierModel extends AdamModel {
  readonly model: Model;
}

/**
 * An image written as its spectrum in decorrelated colours, as a model that makes one step of Adam
 * along the gradient of the spectrum. It takes the spectrum with its components and the gradient by
 * the image, and makes the next spectrum with its components and `image`, what that looks like
 * to the network: never beyond what an image can show.
 *
 * @param falloff Exponent with which the weights of frequencies fall: 1 is published and that of
 * natural images, more makes smoother ones.
 * @see Olah et al., "Feature Visualization", Distill, 2017
 */
export function fourierImage(
  dims: readonly number[],
  input: ManifestInput,
  falloff = 1,
): FourierModel {
  const painter = new ModelBuilder();
  const components = painter.input(FOURIER.components, dims);
  const paint = colorNodes(painter, dims, input);
  painter.output(paint(painter, components, "painted"));
  const gradient = differentiate(painter.build(), {
    objective: projection("painted", FOURIER.upstream),
    wrt: [components],
  });

  const b = new ModelBuilder({ base: gradient.model, prefix: "spectrum/" });
  const spectrum = b.input(FOURIER.spectrum, dims);
  const transform = transformNodes(b, dims, falloff);
  // Transforms are symmetric, so the way back is the way there in reverse order.
  const slope = b.op("Mul", [
    transform.apply(b, gradient.gradients[components]),
    transform.weights,
  ]);
  const model = b.build();
  const adam = withAdamStep({ ...gradient, model, gradients: { [spectrum]: slope } }, spectrum);

  const last = new ModelBuilder({ base: adam.model, prefix: "next/" });
  const damped = last.op("Mul", [adam.next, transform.weights]);
  last.output(transform.apply(last, damped, FOURIER.nextComponents));
  last.output(paint(last, FOURIER.nextComponents, FOURIER.image));
  return { ...adam, model: last.build() };
}

/** The spectrum of a faint random image. */
export function randomSpectrum(dims: readonly number[], seed: number): Tensor<"float32"> {
  const data = Float32Array.from(
    { length: elementCount(dims) },
    (_, i) => START * normalAt(seed, i),
  );
  return float32(data, dims);
}

/** Adds constants, and returns what adds the transform of planes along both axes. */
function transformNodes(
  b: ModelBuilder,
  [, , height, width]: readonly number[],
  falloff: number,
) {
  const least = 1 / Math.max(height, width);
  // A complex coefficient stands for two real ones, hence the root of 2.
  const scales = frequencies(height, width)
    .map((frequency) => (Math.max(frequency, least) / PIVOT) ** -falloff)
    .map((weight) => weight * Math.SQRT2 / DAMPING / PIVOT);
  const matrix = (side: number, name: string) =>
    b.constant(float32(hartleyMatrix(side), [side, side]), name);
  const [vertical, horizontal] = [matrix(height, "vertical"), matrix(width, "horizontal")];
  return {
    weights: b.constant(float32(scales, [height, width]), "weights"),
    apply: (on: ModelBuilder, planes: string, name?: string) =>
      on.op("MatMul", [on.op("MatMul", [vertical, planes]), horizontal], {}, name),
  };
}

/** Adds constants, and returns what adds the nodes from components to the network's input. */
function colorNodes(b: ModelBuilder, dims: readonly number[], input: ManifestInput) {
  const channels = dims[1];
  const constant = (values: ArrayLike<number>, shape: readonly number[], name: string) =>
    b.constant(float32(Float32Array.from(values), shape), name);
  const { scale, mean, std } = input;
  const colors = constant(colorBasis(input.channelOrder, channels), [channels, channels], "colors");
  const contrast = constant(std.map((s) => 255 * scale / s), [channels, 1, 1], "contrast");
  const black = constant(std.map((s, c) => -mean[c] / s), [channels, 1, 1], "black");
  const lists = b.constant(int64List([dims[0], channels, -1]), "lists");
  const planes = b.constant(int64List(dims), "planes");
  return (on: ModelBuilder, components: string, name: string) => {
    const colored = on.op("MatMul", [colors, on.op("Reshape", [components, lists])]);
    const share = on.op("Sigmoid", [on.op("Reshape", [colored, planes])]);
    return on.op("Add", [on.op("Mul", [share, contrast]), black], {}, name);
  };
}

/**
 * Root of the covariance of colours in natural images, one row for each of red, green and blue.
 *
 * @see Olah et al., "Feature Visualization", Distill, 2017; the numbers are those of its code
 */
const ROOT = [[0.26, 0.09, 0.02], [0.27, 0, -0.05], [0.27, -0.09, 0.03]] as const;

/** Rows of {@linkcode ROOT} in the order of a network's planes. */
const ROWS = { RGB: [0, 1, 2], BGR: [2, 1, 0] } as const;

/**
 * Leads from independent colour components to a network's planes; row-major. Its longest column
 * has length 1, so that what the first component changes is brightness, and the others change
 * less. Planes that are no colours are independent as they are.
 */
export function colorBasis(order: ManifestInput["channelOrder"], channels: number): Float32Array {
  if (order === "GRAY" || order === "PLANES") {
    return Float32Array.from({ length: channels ** 2 }, (_, i) => Number(i % (channels + 1) === 0));
  }
  const longest = Math.max(...[0, 1, 2].map((k) => Math.hypot(...ROOT.map((row) => row[k]))));
  return Float32Array.from(ROWS[order].flatMap((row) => ROOT[row].map((v) => v / longest)));
}

/**
 * The real form of the Fourier transform: its basis functions are cas(x) = cos(x) + sin(x), and one
 * orthonormal, symmetric matrix an axis leads from spectrum to image and back.
 *
 * @see Bracewell, "Discrete Hartley transform", Journal of the Optical Society of America, 1983
 * @module
 */

/** The n x n matrix cas(2 pi j k / n) / sqrt(n), which is its own inverse; row-major. */
export function hartleyMatrix(n: number): Float32Array {
  const matrix = new Float32Array(n * n);
  for (let j = 0; j < n; j++) {
    for (let k = 0; k < n; k++) {
      // The remainder keeps the angle small, and so exact.
      const angle = 2 * Math.PI * ((j * k) % n) / n;
      matrix[j * n + k] = (Math.cos(angle) + Math.sin(angle)) / Math.sqrt(n);
    }
  }
  return matrix;
}

/** Frequency of each place of a spectrum of `height` x `width`, in cycles per pixel; row-major. */
export function frequencies(height: number, width: number): Float32Array {
  const along = (k: number, n: number) => Math.min(k, n - k) / n;
  return Float32Array.from(
    { length: height * width },
    (_, i) => Math.hypot(along(Math.floor(i / width), height), along(i % width, width)),
  );
}
