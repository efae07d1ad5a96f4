import { type Model, withOutputs } from "../onnx/mod.ts";
import { Emitter } from "./emitter.ts";
import { forwardPass } from "./forward_pass.ts";

export interface ForwardModelOptions {
  /** What to compute, by the name that its output gets; each adds nodes and returns their value. */
  readonly values: Readonly<Record<string, (emit: Emitter) => string>>;
  /** Forward tensors that the result should output as well. @default [] */
  readonly outputs?: readonly string[];
  /** Shapes of the model's inputs. Where none is given, the declared one, with a batch of 1. */
  readonly inputs?: Readonly<Record<string, readonly number[]>>;
}

/**
 * A model that computes values of the forward pass, such as the Gram matrix of a layer: what is
 * large stays in the runtime.
 *
 * @throws {RangeError} If a tensor is unknown, or its shape is open.
 */
export function forwardModel(
  source: Model,
  { values, outputs = [], inputs }: ForwardModelOptions,
): Model {
  const { forward, facts } = forwardPass(source, inputs);
  const emit = new Emitter(forward, facts);
  for (const [name, value] of Object.entries(values)) {
    emit.enter(name);
    emit.op("Identity", [value(emit)], {}, name);
  }
  const wanted = [...new Set([...Object.keys(values), ...outputs])];
  for (const name of wanted) emit.output(name);
  return withOutputs(emit.build(), wanted);
}
