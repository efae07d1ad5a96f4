import { InputError } from "../errors.ts";
import {
  Attributes,
  describeNode,
  type Fact,
  GraphIndex,
  inputsOf,
  isStandardDomain,
  type Model,
  type NodeProto,
  opsetOf,
  own,
  resizeToSizes,
  settleWindows,
  takeKnownBranches,
  tensorOf,
  upgradeModel,
  valueInfo,
  withGraph,
  withOutputs,
} from "../onnx/mod.ts";
import { Emitter } from "./emitter.ts";
import type { GradientScope } from "./gradient_scope.ts";
import type { Objective } from "./objective.ts";
import { refuseSpelledOutGates } from "./refuse_spelled_out_gates.ts";
import type { ReluRule } from "./relu_rule.ts";
import { NO_GRADIENT, RULES } from "./rules.ts";
import { UnknownShapeError } from "./unknown_shape_error.ts";
import { UnsupportedOperatorError } from "./unsupported_operator_error.ts";

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

/** A model that computes gradients, and what its outputs are called. */
export interface GradientModel {
  readonly model: Model;
  /** Name of the objective's value, a scalar: "grad/objective". */
  readonly objective: string;
  /** Name of the gradient of each tensor of `wrt`, shaped like it: "grad/<tensor>". */
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
 * await Deno.writeFile("grad.onnx", encodeModel(model)); // makes gradients.image, "grad/image"
 * ```
 */
export function differentiate(source: Model, options: DifferentiateOptions): GradientModel {
  const { wrt, reluRule = "plain", outputs = [] } = options;
  const { model, facts } = takeKnownBranches(upgradeModel(source), { inputs: options.inputs });
  const forward = withFixedShapes(settleWindows(resizeToSizes(model, facts), facts), facts);
  const emit = new Emitter(forward, facts);
  emit.enter("objective");
  const objective = emitObjective(forward, options, emit);
  const index = new GraphIndex(emit.build().graph);
  requireTensors(wrt, index);
  const path = pathBetween(
    index,
    wrt,
    objective,
    (name, node) => isDifferentiable(name, node, emit),
  );
  const independent = wrt.filter((name) => name !== objective && !path.values.has(name));
  if (independent.length > 0) {
    throw new InputError(
      `Cannot differentiate with respect to "${
        independent[0]
      }": the objective does not depend on it`,
    );
  }
  refuseUnknown(path.nodes, opsetOf(forward));
  refuseUncovered(path, opsetOf(forward));
  refuseSpelledOutGates(path.nodes, index, reluRule);

  const pending = new Map<string, string>([[objective, emit.scalar(1, objective)]]);
  for (const node of path.nodes.toReversed()) {
    if (!node.output.some((name) => pending.has(name))) continue;
    const scope = scopeOf(node, { emit, index, pending, path, reluRule, opset: opsetOf(forward) });
    emit.enter(node.output.find((name) => name)!);
    const gradients = RULES[node.opType!].rule(scope);
    node.input.forEach((name, i) => {
      const gradient = gradients[i];
      if (gradient == null || !path.values.has(name)) return;
      const summed = emit.sumTo(gradient, emit.dims(name));
      const before = pending.get(name);
      pending.set(name, before === undefined ? summed : emit.add(before, summed));
    });
  }
  return finish(emit, objective, wrt, pending, outputs);
}

/**
 * The model declared for the shapes the gradient is written for, so that a runtime refuses others;
 * what the file declares of other tensors may be for other shapes, and is dropped.
 */
function withFixedShapes(model: Model, facts: ReadonlyMap<string, Fact>): Model {
  const input = model.graph.input.map((info) => {
    const { type, dims } = facts.get(info.name ?? "")!;
    return valueInfo(info.name!, type, dims);
  });
  return withGraph(model, { input, output: [], valueInfo: [] });
}

function requireTensors(names: readonly string[], index: GraphIndex): void {
  const missing = names.find((name) => !index.has(name));
  if (missing === undefined) return;
  throw new InputError(
    `Cannot differentiate with respect to "${missing}": there is no such tensor`,
  );
}

/**
 * The objective's value. Where a shape it needs is not known, that is most often because of an
 * operator nobody knows, and then those are what to tell.
 */
function emitObjective(forward: Model, options: DifferentiateOptions, emit: Emitter): string {
  try {
    return options.objective(emit);
  } catch (error) {
    if (!(error instanceof UnknownShapeError)) throw error;
    const index = new GraphIndex(forward.graph);
    requireTensors(options.wrt, index);
    const reached = new Set(options.wrt);
    const downstream = index.order.filter((node) => {
      if (!inputsOf(node).some((name) => reached.has(name))) return false;
      for (const name of node.output) reached.add(name);
      return !NO_GRADIENT.has(node.opType ?? "");
    });
    refuseUnknown(downstream, opsetOf(forward));
    throw error;
  }
}

/** The nodes and values through which the objective depends on `wrt`. */
interface Path {
  /** In running order. */
  readonly nodes: readonly NodeProto[];
  readonly values: ReadonlySet<string>;
}

function pathBetween(
  index: GraphIndex,
  wrt: readonly string[],
  objective: string,
  carries: (value: string, maker: NodeProto) => boolean,
): Path {
  const reached = new Set(wrt);
  const downstream = index.ancestors([objective]).filter((node) => {
    if (isStandardDomain(node.domain) && NO_GRADIENT.has(node.opType ?? "")) return false;
    if (!inputsOf(node).some((name) => reached.has(name))) return false;
    for (const name of node.output) if (name !== "" && carries(name, node)) reached.add(name);
    return node.output.some((name) => reached.has(name));
  });
  const useful = new Set([objective]);
  const nodes = downstream.toReversed().filter((node) => {
    if (!node.output.some((name) => useful.has(name))) return false;
    for (const name of inputsOf(node)) if (reached.has(name)) useful.add(name);
    return true;
  }).reverse();
  return { nodes, values: useful };
}

/**
 * Integers and booleans carry no gradient. But short integers from an operator without a rule are
 * quantised activations, and of a value nobody knows, the worst is assumed: both are in the way.
 */
function isDifferentiable(name: string, maker: NodeProto, emit: Emitter): boolean {
  try {
    const { type } = emit.fact(name);
    return /float/.test(type) ||
      (/int(8|16|32)$/.test(type) && own(RULES, maker.opType) === undefined);
  } catch {
    return true;
  }
}

function refuseUnknown(nodes: readonly NodeProto[], opset: number): void {
  const missing = nodes.filter((node) =>
    !isStandardDomain(node.domain) || own(RULES, node.opType) === undefined
  )
    .map((node) => ({
      opType: isStandardDomain(node.domain) ? node.opType! : `${node.domain}.${node.opType}`,
      node: node.name || node.output[0],
      opset,
    }));
  if (missing.length > 0) throw new UnsupportedOperatorError(missing);
}

/** An output whose gradient its rule does not read would be taken for a constant. */
function refuseUncovered({ nodes, values }: Path, opset: number): void {
  const missing = nodes.flatMap((node) => {
    const { outputs = 1 } = RULES[node.opType!];
    return node.output.flatMap((name, output) =>
      output >= outputs && values.has(name)
        ? [{ opType: node.opType!, output, node: name, opset }]
        : []
    );
  });
  if (missing.length > 0) throw new UnsupportedOperatorError(missing);
}

interface Pass {
  readonly emit: Emitter;
  readonly index: GraphIndex;
  /** Gradients known so far, by the value they belong to. */
  readonly pending: ReadonlyMap<string, string>;
  readonly path: Path;
  readonly reluRule: ReluRule;
  readonly opset: number;
}

function scopeOf(node: NodeProto, pass: Pass): GradientScope {
  const { emit, index, pending, path } = pass;
  const given = (i: number) => {
    if (!node.input[i]) {
      throw new InputError(`Cannot differentiate ${describeNode(node)}: input ${i} is left out`);
    }
    return node.input[i];
  };
  return {
    node,
    attributes: new Attributes(node),
    opset: pass.opset,
    reluRule: pass.reluRule,
    emit,
    inputCount: node.input.length,
    has: (i) => Boolean(node.input[i]),
    x: given,
    y: (i = 0) => node.output[i],
    dy: (i = 0) => pending.get(node.output[i]) ?? emit.zerosLike(node.output[i]),
    wants: (i) => path.values.has(node.input[i] ?? ""),
    dims: (i) => emit.dims(given(i)),
    value(i) {
      const value = emit.known(given(i));
      if (value === undefined) {
        throw new InputError(
          `Cannot differentiate ${describeNode(node)}: input ${i} ("${
            node.input[i]
          }") is only known at run time`,
        );
      }
      return value;
    },
    initializer(i) {
      const tensor = index.initializers.get(node.input[i]);
      if (tensor) return tensorOf(tensor);
      const producer = index.producer(node.input[i]);
      return producer?.opType === "Constant" ? new Attributes(producer).tensor("value") : undefined;
    },
  };
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
    return [name, emit.op("Identity", [gradient], {}, `grad/${name}`)] as const;
  });
  const value = emit.op("Identity", [objective], {}, "grad/objective");
  const wanted = [value, ...named.map(([, gradient]) => gradient), ...outputs];
  for (const name of wanted) emit.output(name);
  return {
    model: withOutputs(emit.build(), [...new Set(wanted)]),
    objective: value,
    gradients: Object.fromEntries(named),
  };
}
