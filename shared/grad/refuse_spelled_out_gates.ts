import { describeNode, type GraphIndex, isStandardDomain, type NodeProto } from "../onnx/mod.ts";
import type { ReluRule } from "./relu_rule.ts";

/** What makes a product with its own operand a gate: SiLU, HardSwish, GELU, Mish. */
const GATES: ReadonlySet<string> = new Set(["Clip", "Erf", "HardSigmoid", "Sigmoid", "Tanh"]);

/** What may stand between the operand and the gate. */
const ELEMENTWISE: ReadonlySet<string> = new Set([
  ...GATES,
  ..."Add Div Mul Pow Sub Softplus Cast Identity".split(" "),
]);

/** Longer chains than any spelling of a gate. */
const MAX_STEPS = 8;

/**
 * Refuses the rules of rectifiers where a graph spells out a gate, as exporters do: x times its
 * sigmoid is SiLU, x (1 + erf(x / sqrt 2)) is GELU. See {@linkcode ReluRule}.
 *
 * @throws {RangeError} With the node that is the product.
 */
export function refuseSpelledOutGates(
  nodes: readonly NodeProto[],
  index: GraphIndex,
  reluRule: ReluRule,
): void {
  if (reluRule === "plain") return;
  for (const node of nodes) {
    if (node.opType !== "Mul" || !isStandardDomain(node.domain)) continue;
    const [a, b] = node.input;
    if (isGateOf(b, base(a, index), index) || isGateOf(a, base(b, index), index)) {
      throw new RangeError(
        `Cannot apply the ${reluRule} rule at ${
          describeNode(node)
        }: it is a gate (a value times a ` +
          `bounded function of itself), which is not monotone, so the rule has no meaning there; ` +
          `use the plain rule`,
      );
    }
  }
}

/** Whether a gate function lies on an elementwise way from `source` to `value`. */
function isGateOf(value: string, source: string, index: GraphIndex): boolean {
  const visit = (name: string, gated: boolean, steps: number): boolean => {
    if (name === source) return gated;
    const node = index.producer(name);
    if (node === undefined || steps === 0 || !ELEMENTWISE.has(node.opType ?? "")) return false;
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
