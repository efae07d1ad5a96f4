import { GraphIndex, type Model, opsetOf, withOutputs } from "../onnx/mod.ts";
import { Emitter } from "./emitter.ts";
import { emitObjective, forwardPass, requireTensors } from "./forward_pass.ts";
import type { Objective } from "./objective.ts";
import { refuseSpelledOutGates } from "./refuse_spelled_out_gates.ts";
import type { ReluRule } from "./gradient_scope.ts";
import { RULES } from "./rules.ts";
import {
  pathBetween,
  refuseUncovered,
  refuseUnknown,
  requireDependence,
  walkBack,
} from "./walk_back.ts";

export interface DifferentiateOptions {
  /** The scalar to differentiate; see {@linkcode Objective}. */
  readonly objective: Objective;
  /** What to differentiate with respect to: inputs, intermediate tensors or weights, by name. */
  readonly wrt: readonly string[];
  /** Shapes of the model's inputs. Where none is given, the declared one, with a batch of 1. */
  readonly inputs?: Readonly<Record<string, readonly number[]>>;
  /** What rectifiers pass back. @default "plain" */
  readonly reluRule?: ReluRule;
  /** Forward tensors that the result should output as well. @default [] */
  readonly outputs?: readonly string[];
}

/** Name of the objective's value among the outputs of a gradient model, a scalar. */
export const OBJECTIVE_OUTPUT = "grad/objective";

/** Name of the gradient by a tensor among the outputs of a gradient model, shaped like it. */
export const gradientOutput = (tensor: string): string => `grad/${tensor}`;

/** A model that computes gradients, and what its outputs are called. */
export interface GradientModel {
  readonly model: Model;
  /** {@linkcode OBJECTIVE_OUTPUT} */
  readonly objective: string;
  /** {@linkcode gradientOutput} of each tensor of `wrt`. */
  readonly gradients: Readonly<Record<string, string>>;
}

/**
 * Writes the backward pass: a model of standard ONNX operators that computes the objective and its
 * gradients from the same inputs, so that it runs wherever ONNX Runtime does.
 *
 * Forward values are shared between both passes, only nodes between the tensors of `wrt` and the
 * objective are differentiated, and work that depends on weights alone is done here. Ties and kinks
 * follow PyTorch: a max-pool window passes to its first maximum in row-major order, ReLU at 0
 * passes nothing.
 *
 * @throws {UnsupportedOperatorError} If nodes on the way have no rule; it names all of them.
 * @throws {RangeError} If a tensor is unknown, its shape is open, or the objective does not depend
 * on it.
 *
 * @example The gradient of a class score with respect to the image
 * ```ts
 * import { decodeModel, encodeModel } from "../onnx/mod.ts";
 * import { differentiate, unit } from "./mod.ts";
 *
 * const network = decodeModel(await Deno.readFile("models/glyphnet/model.onnx"));
 * const { model, gradients } = differentiate(network, {
 *   objective: unit("fc8", { channel: 2 }),
 *   wrt: ["image"],
 * });
 * await Deno.writeFile("grad.onnx", encodeModel(model));
 * console.log(gradients.image); // the output that has it: "grad/image"
 * ```
 */
export function differentiate(source: Model, options: DifferentiateOptions): GradientModel {
  const { wrt, reluRule = "plain", outputs = [] } = options;
  const { forward, facts } = forwardPass(source, options.inputs);
  const emit = new Emitter(forward, facts);
  emit.enter("objective");
  const objective = emitObjective(forward, options, emit);
  const index = new GraphIndex(emit.build().graph);
  requireTensors(wrt, index);
  const path = pathBetween(index, wrt, objective, emit);
  requireDependence(path, wrt, objective);
  refuseUnknown(path.nodes, opsetOf(forward));
  refuseUncovered(path, opsetOf(forward));
  refuseSpelledOutGates(path.nodes, index, reluRule);

  const { pending } = walkBack({
    emit,
    forward,
    index,
    path,
    start: objective,
    seed: emit.scalar(1, objective),
    reluRule,
    ruleOf: ({ opType }) => RULES[opType!].rule,
  });
  return finish(emit, objective, wrt, pending, outputs);
}

function finish(
  emit: Emitter,
  objective: string,
  wrt: readonly string[],
  pending: ReadonlyMap<string, string>,
  outputs: readonly string[],
): GradientModel {
  const named = wrt.map((name) => {
    const gradient = pending.get(name) ?? emit.zerosLike(name);
    return [name, emit.op("Identity", [gradient], {}, gradientOutput(name))] as const;
  });
  const value = emit.op("Identity", [objective], {}, OBJECTIVE_OUTPUT);
  const wanted = [value, ...named.map(([, gradient]) => gradient), ...outputs];
  for (const name of wanted) emit.output(name);
  return {
    model: withOutputs(emit.build(), [...new Set(wanted)]),
    objective: value,
    gradients: Object.fromEntries(named),
  };
}
