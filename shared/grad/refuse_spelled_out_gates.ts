import { InputError } from "../errors.ts";
import {
  describeNode,
  type GraphIndex,
  isStandardDomain,
  type NodeProto,
  operatorOf,
} from "../onnx/mod.ts";
import type { ReluRule } from "./gradient_scope.ts";

/**
 * What makes a product with its own operand a gate (SiLU, HardSwish, GELU, Mish), and a choice by
 * its own size a rectifier in disguise.
 */
const GATES: ReadonlySet<string> = new Set(
  `Clip Erf Exp Greater GreaterOrEqual HardSigmoid Less LessOrEqual Max Min Relu Sigmoid Sign
  Tanh`.split(/\s+/),
);

/** Operators that join an operand and its gate. */
const JOINS: ReadonlySet<string> = new Set(["Div", "Mul", "Where"]);

/** What the joins read at most; more are not theirs. */
const MAX_OPERANDS = 3;

/** Longer chains than any spelling of a gate. */
const MAX_STEPS = 8;

/** Operators that scale or shift a value by constants. */
const SCALINGS: ReadonlySet<string> = new Set(["Add", "Div", "Identity", "Mul"]);

/** Longer chains of them than before any gate. */
const MAX_SCALINGS = 64;

/**
 * Refuses the rules of rectifiers where a graph spells out a gate, as exporters do: x times its
 * sigmoid is SiLU, x (1 + erf(x / sqrt 2)) is GELU, x where x > 0 hides a rectifier. See
 * {@linkcode ReluRule}.
 *
 * @throws {RangeError} With the node that joins the two.
 */
export function refuseSpelledOutGates(
  nodes: readonly NodeProto[],
  index: GraphIndex,
  reluRule: ReluRule,
): void {
  if (reluRule === "plain") return;
  for (const node of nodes) {
    if (!JOINS.has(node.opType ?? "") || !isStandardDomain(node.domain)) continue;
    const operands = node.input.slice(0, MAX_OPERANDS);
    const isGated = operands.some((operand, i) =>
      !isConstant(operand, index) &&
      operands.some((other, k) => k !== i && isGateOf(other, base(operand, index), index))
    );
    if (!isGated) continue;
    throw new InputError(
      `Cannot apply the ${reluRule} rule at ${describeNode(node)}: it is a gate (a value joined ` +
        `written out as x * f(x)), for which the rule has no meaning; use the plain rule`,
    );
  }
}

/** Whether a gate function lies on an elementwise way from `source` to `value`. */
function isGateOf(value: string, source: string, index: GraphIndex): boolean {
  // Step by step, each value once with a gate behind it and once without: ways double at each node.
  let plain = new Set([value]);
  let gated = new Set<string>();
  for (let step = 0; step <= MAX_STEPS; step++) {
    if (gated.has(source)) return true;
    // From the source itself nothing leads back to it.
    plain.delete(source);
    const [nextPlain, nextGated] = [new Set<string>(), new Set<string>()];
    for (const [names, isGated] of [[plain, false], [gated, true]] as const) {
      for (const name of names) {
        const node = index.producer(name);
        if (node === undefined || operatorOf(node)?.kind !== "pointwise") continue;
        const next = isGated || GATES.has(node.opType!) ? nextGated : nextPlain;
        for (const input of node.input) next.add(input);
      }
    }
    [plain, gated] = [nextPlain, nextGated];
  }
  return false;
}

/** The value that a factor or summand was added to. */
function base(name: string, index: GraphIndex): string {
  let value = name;
  for (let step = 0; step < MAX_SCALINGS; step++) {
    const node = index.producer(value);
    if (node === undefined || !SCALINGS.has(node.opType ?? "")) break;
    const variable = node.input.filter((input) => !isConstant(input, index));
    if (variable.length !== 1) break;
    value = variable[0];
  }
  return value;
}

function isConstant(name: string, index: GraphIndex): boolean {
  return index.initializers.has(name) || index.producer(name)?.opType === "Constant";
}
