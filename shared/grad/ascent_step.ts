import { InputError } from "../errors.ts";
import { float32 } from "../tensor/tensor.ts";
import { type Model, ModelBuilder } from "../onnx/mod.ts";
import type { GradientModel } from "./differentiate.ts";

/** A model that also makes the next point of an ascent, so that one run is one step. */
export interface AscentModel {
  readonly model: Model;
  /** Name of the input that says how far to go: a scalar, negative to descend. */
  readonly rate: string;
  /** Name of the output with the next point, shaped like the tensor that was differentiated. */
  readonly next: string;
}

/** Keeps a gradient of nothing but zeros from dividing by zero. */
const EPSILON = 1e-12;

/**
 * Adds the update of an ascent to a gradient's graph: next = x + rate g / mean|g|, with g the
 * gradient of the tensor `name`. Nothing needs to leave the runtime between steps but that output.
 *
 * @param gradient Made by `differentiate` with `wrt` an input of the model.
 * @throws {RangeError} If `name` was not differentiated.
 *
 * @see Mordvintsev et al., "Inceptionism: Going Deeper into Neural Networks", 2015 (the scaling)
 */
export function withAscentStep(gradient: GradientModel, name: string): AscentModel {
  const g = gradient.gradients[name];
  if (g === undefined) {
    throw new InputError(`Cannot ascend along "${name}": it was not differentiated`);
  }
  const b = new ModelBuilder({ base: gradient.model, prefix: "ascent/" });
  const rate = b.input("ascent/rate", []);
  const epsilon = b.constant(float32(Float32Array.of(EPSILON), []));
  const size = b.op("ReduceMean", [b.op("Abs", [g])], { keepdims: 0 });
  const factor = b.op("Div", [rate, b.op("Max", [size, epsilon])]);
  const next = b.op("Add", [name, b.op("Mul", [g, factor])], {}, `ascent/${name}`);
  b.output(next);
  return { model: b.build(), rate, next };
}
