import { InputError } from "../errors.ts";
import {
  Attributes,
  describeNode,
  GraphIndex,
  inputsOf,
  isStandardDomain,
  type Model,
  type NodeProto,
  operatorOf,
  opsetOf,
  own,
  tensorOf,
  UnusableNetworkError,
} from "../onnx/mod.ts";
import type { Emitter } from "./emitter.ts";
import type { GradientRule, GradientScope, ReluRule } from "./gradient_scope.ts";
import { NO_GRADIENT, RULES } from "./rules.ts";
import { type MissingRule, UnsupportedOperatorError } from "./errors.ts";

/** A walk from a value back to what it depends on. */
export interface Walk {
  readonly emit: Emitter;
  readonly forward: Model;
  readonly index: GraphIndex;
  readonly path: Path;
  /** Where the walk begins, and what it begins with. */
  readonly start: string;
  readonly seed: string;
  readonly reluRule: ReluRule;
  /** What a node hands to its inputs; undefined of an operator that has no rule. */
  ruleOf(node: NodeProto): GradientRule | undefined;
}

/**
 * Walks back along a path: what each value gets, by name. What a value that is used more than once
 * gets is added up, and summed over the axes along which it was broadcast.
 *
 * @returns Also the nodes that were reached and have no rule.
 */
export function walkBack(
  { emit, forward, index, path, start, seed, reluRule, ruleOf }: Walk,
): { readonly pending: ReadonlyMap<string, string>; readonly missing: readonly NodeProto[] } {
  const pending = new Map<string, string>([[start, seed]]);
  const missing: NodeProto[] = [];
  const opset = opsetOf(forward);
  for (const node of path.nodes.toReversed()) {
    if (!node.output.some((name) => pending.has(name))) continue;
    const rule = ruleOf(node);
    if (rule === undefined) {
      missing.push(node);
      continue;
    }
    emit.enter(node.output.find((name) => name)!);
    const scope = scopeOf(node, { emit, index, pending, path, reluRule, opset });
    const gradients = applied(rule, scope, node);
    node.input.forEach((name, i) => {
      const gradient = gradients[i];
      if (gradient == null || !path.values.has(name)) return;
      const summed = emit.sumTo(gradient, emit.dims(name));
      const before = pending.get(name);
      pending.set(name, before === undefined ? summed : emit.add(before, summed));
    });
  }
  return { pending, missing };
}

/** Where shapes and attributes do not fit a node, its rule comes to numbers that are none. */
function applied(rule: GradientRule, scope: GradientScope, node: NodeProto) {
  try {
    return rule(scope);
  } catch (error) {
    if (error instanceof InputError || !(error instanceof RangeError)) throw error;
    throw new UnusableNetworkError(`Cannot differentiate ${describeNode(node)}: ${error.message}`);
  }
}

/** The nodes and values through which the objective depends on `wrt`. */
export interface Path {
  /** In running order. */
  readonly nodes: readonly NodeProto[];
  readonly values: ReadonlySet<string>;
}

/** The path from `wrt` to `objective`, through operators that carry a gradient. */
export function pathBetween(
  index: GraphIndex,
  wrt: readonly string[],
  objective: string,
  emit: Emitter,
): Path {
  const reached = new Set(wrt);
  const downstream = index.ancestors([objective]).filter((node) => {
    if (isStandardDomain(node.domain) && NO_GRADIENT.has(node.opType ?? "")) return false;
    if (!inputsOf(node).some((name) => reached.has(name))) return false;
    for (const name of node.output) {
      if (name !== "" && isDifferentiable(name, node, emit)) reached.add(name);
    }
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
 * Integers and booleans carry no gradient. But short integers that are quantised, or those moved,
 * do; those from an operator without a rule are quantised activations, and of a value nobody knows,
 * the worst is assumed: both are in the way.
 */
function isDifferentiable(name: string, maker: NodeProto, emit: Emitter): boolean {
  try {
    const { type } = emit.fact(name);
    const row = own(RULES, maker.opType);
    const isMoved = ["view", "movement"].includes(operatorOf(maker)?.kind ?? "");
    return /float/.test(type) ||
      (/int(8|16|32)$/.test(type) && (row === undefined || row.straightThrough === true)) ||
      (/^u?int8$/.test(type) && isMoved);
  } catch {
    return true;
  }
}

export function refuseUnknown(nodes: readonly NodeProto[], opset: number): void {
  const missing = nodes.filter((node) =>
    !isStandardDomain(node.domain) || own(RULES, node.opType) === undefined
  );
  if (missing.length > 0) {
    throw new UnsupportedOperatorError(missing.map((node) => missingRule(node, opset)));
  }
}

/** How a node without a rule is told. */
export function missingRule(node: NodeProto, opset: number): MissingRule {
  return {
    opType: isStandardDomain(node.domain) ? node.opType! : `${node.domain}.${node.opType}`,
    node: node.name || node.output[0],
    opset,
  };
}

/** An output whose gradient its rule does not read would be taken for a constant. */
export function refuseUncovered({ nodes, values }: Path, opset: number): void {
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

/** @throws {InputError} If the objective does not depend on a tensor of `wrt`. */
export function requireDependence(
  { values }: Path,
  wrt: readonly string[],
  objective: string,
): void {
  const independent = wrt.find((name) => name !== objective && !values.has(name));
  if (independent === undefined) return;
  throw new InputError(
    `Cannot differentiate with respect to "${independent}": the objective does not depend on it`,
  );
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
