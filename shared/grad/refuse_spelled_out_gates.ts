import { InputError } from "../errors.ts";
import {
  describeNode,
  type GraphIndex,
  isStandardDomain,
  type NodeProto,
  operatorOf,
} from "../onnx/mod.ts";
import type { ReluRule } from "./relu_rule.ts";

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

/** Longer chains than any spelling of a gate. */
const MAX_STEPS = 8;

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
    const isGated = node.input.some((operand, i) =>
      !isConstant(operand, index) &&
      node.input.some((other, k) => k !== i && isGateOf(other, base(operand, index), index))
    );
    if (!isGated) continue;
    throw new InputError(
      `Cannot apply the ${reluRule} rule at ${describeNode(node)}: it is a gate (a value joined ` +
        `with a bend of itself), for which the rule has no meaning; use the plain rule`,
    );
  }
}

/** Whether a gate function lies on an elementwise way from `source` to `value`. */
function isGateOf(value: string, source: string, index: GraphIndex): boolean {
  const visit = (name: string, gated: boolean, steps: number): boolean => {
    if (name === source) return gated;
    const node = index.producer(name);
    if (node === undefined || steps === 0 || operatorOf(node)?.kind !== "pointwise") {
      return false;
    }
    return node.input.some((input) => visit(input, gated || GATES.has(node.opType!), steps - 1));
  };
  return visit(value, false, MAX_STEPS);
}

/** The value that a factor or summand was added to. */
function base(name: string, index: GraphIndex): string {
  const node = index.producer(name);
  if (node === undefined || !["Add", "Div", "Mul", "Identity"].includes(node.opType ?? "")) {
    return name;
  }
  const variable = node.input.filter((input) => !isConstant(input, index));
  return variable.length === 1 ? base(variable[0], index) : name;
}

function isConstant(name: string, index: GraphIndex): boolean {
  return index.initializers.has(name) || index.producer(name)?.opType === "Constant";
}
