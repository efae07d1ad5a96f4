import { InputError } from "../errors.ts";
import type { GradientModel } from "../grad/mod.ts";
import { declaredDims, type Model, ModelBuilder } from "../onnx/mod.ts";
import { float32, type Tensor } from "../tensor/tensor.ts";

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** A model that also makes a step of Adam. */
export interface AdamModel {
  readonly model: Model;
  /** The running means that go in, and come out under `nextMoments`. */
  readonly moments: readonly [first: string, second: string];
  readonly nextMoments: readonly [first: string, second: string];
  /** Name of the output with the next point. */
  readonly next: string;
}

const RATE = "adam/rate";
const CORRECTION = "adam/correction";

/**
 * Adds one step of Adam, uphill, to a gradient's graph; feed it with {@linkcode adamRates}.
 *
 * @param gradient Made by `differentiate` with `wrt` an input of the model.
 * @param name The tensor that was differentiated.
 * @see Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015
 */
export function withAdamStep(gradient: GradientModel, name: string): AdamModel {
  const b = new ModelBuilder({ base: gradient.model, prefix: "adam/" });
  const g = gradient.gradients[name];
  const info = gradient.model.graph.input.find((value) => value.name === name);
  const dims = info && declaredDims(info);
  if (g === undefined || dims === undefined) {
    throw new InputError(`Cannot ascend along "${name}": it is no input that was differentiated`);
  }
  const scalar = (value: number) => b.constant(float32(Float32Array.of(value), []));
  const blend = (before: string, now: string, share: number, output: string) => {
    const kept = b.op("Mul", [before, scalar(share)]);
    return b.op("Add", [kept, b.op("Mul", [now, scalar(1 - share)])], {}, output);
  };
  const rate = b.input(RATE, []);
  const correction = b.input(CORRECTION, []);
  const moments = [b.input("adam/first", dims), b.input("adam/second", dims)] as const;
  const first = blend(moments[0], g, BETA1, "adam/next_first");
  const second = blend(moments[1], b.op("Mul", [g, g]), BETA2, "adam/next_second");
  const root = b.op("Sqrt", [b.op("Mul", [second, correction])]);
  const change = b.op("Div", [b.op("Mul", [first, rate]), b.op("Add", [root, scalar(EPSILON)])]);
  const next = b.op("Add", [name, change], {}, "adam/next");
  for (const output of [next, first, second]) b.output(output, "float32", dims);
  return { model: b.build(), moments, nextMoments: [first, second], next };
}

/**
 * What the step's model is fed beside gradient and moments: the corrections for moments that
 * started at zero.
 *
 * @param step Number of the step, from 1.
 */
export function adamRates(rate: number, step: number): Record<string, Tensor<"float32">> {
  const scalar = (value: number) => float32(Float32Array.of(value), []);
  return {
    [RATE]: scalar(rate / (1 - BETA1 ** step)),
    [CORRECTION]: scalar(1 / (1 - BETA2 ** step)),
  };
}
