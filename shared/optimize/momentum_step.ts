import { InputError } from "../errors.ts";
import type { GradientModel } from "../grad/mod.ts";
import { declaredDims, type Model, ModelBuilder } from "../onnx/mod.ts";
import { float32 } from "../tensor/tensor.ts";

/** A model that also makes a step that keeps a share of the step before. */
export interface MomentumModel {
  readonly model: Model;
  /** Name of the scalar input with the factor of the gradient. */
  readonly rate: string;
  /** The last step, which goes in, and the one that comes out. */
  readonly velocity: string;
  readonly nextVelocity: string;
  /** Name of the output with the next point. */
  readonly next: string;
}

export interface MomentumOptions {
  /** Share of the last step that is kept. */
  readonly keep: number;
  /** Further factors of the rate, one a plane of [1, C, H, W]. */
  readonly planeRates: readonly number[];
}

/**
 * Adds one step of gradient ascent with momentum to a gradient's graph.
 *
 * @param gradient Made by `differentiate` with `wrt` an input of the model.
 * @param name The tensor that was differentiated.
 * @throws {RangeError} If it was not.
 * @see Polyak, "Some methods of speeding up the convergence of iteration methods", 1964
 */
export function withMomentumStep(
  gradient: GradientModel,
  name: string,
  { keep, planeRates }: MomentumOptions,
): MomentumModel {
  const g = gradient.gradients[name];
  const info = gradient.model.graph.input.find((value) => value.name === name);
  const dims = info && declaredDims(info);
  if (g === undefined || dims === undefined) {
    throw new InputError(`Cannot ascend along "${name}": it is no input that was differentiated`);
  }
  const b = new ModelBuilder({ base: gradient.model, prefix: "momentum/" });
  const rate = b.input("momentum/rate", []);
  const velocity = b.input("momentum/velocity", dims);
  const constant = (values: readonly number[], shape: readonly number[]) =>
    b.constant(float32(Float32Array.from(values), shape));
  const rates = b.op("Mul", [rate, constant(planeRates, [planeRates.length, 1, 1])]);
  const kept = b.op("Mul", [velocity, constant([keep], [])]);
  const nextVelocity = b.op("Add", [kept, b.op("Mul", [g, rates])], {}, "momentum/next_velocity");
  const next = b.op("Add", [name, nextVelocity], {}, "momentum/next");
  for (const output of [next, nextVelocity]) b.output(output, "float32", dims);
  return { model: b.build(), rate, velocity, nextVelocity, next };
}
