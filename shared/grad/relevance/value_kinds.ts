import { GraphIndex, type NodeProto } from "../../onnx/mod.ts";
import type { Emitter } from "../emitter.ts";

/** Functions whose values are never negative. */
const NON_NEGATIVE: ReadonlySet<string> = new Set([
  ..."Abs HardSigmoid Relu Sigmoid Softmax Softplus".split(" "),
]);

/** Operators that make non-negative values of such. */
const KEEP: ReadonlySet<string> = new Set(
  `Add AveragePool Concat Dropout Flatten GlobalAveragePool GlobalMaxPool Identity LRN MaxPool
  ReduceMean ReduceSum Reshape Slice Split Squeeze Sum Transpose Unsqueeze`.split(/\s+/),
);

/** Functions that squash to a bounded range. */
const SQUASHING: ReadonlySet<string> = new Set(
  "Clip Erf HardSigmoid Sigmoid Softmax Tanh".split(" "),
);

/** Operators that scale or shift by constants. */
const SCALINGS: ReadonlySet<string> = new Set(["Add", "Div", "Identity", "Mul", "Sub"]);

/** Longer chains of them than behind any gate. */
const MAX_SCALINGS = 8;

/** How many inputs of an operator are values; the others say how. */
const valuesOf = ({ opType = "", input }: NodeProto) =>
  /^(Add|Concat|Sum)$/.test(opType) ? input : input.slice(0, 1);

/** What can be said of the range of a graph's values. */
export class ValueKinds {
  readonly #nonNegative = new Map<string, boolean>();

  constructor(readonly index: GraphIndex, readonly emit: Emitter) {
    // In running order, so that a chain of any length needs no recursion.
    for (const node of index.order) {
      for (const name of node.output) this.#nonNegative.set(name, this.#makesNonNegative(node));
    }
  }

  /** Whether a value cannot be negative. */
  isNonNegative(value: string): boolean {
    return this.#nonNegative.get(value) ?? false;
  }

  /** Whether a value is a squashing function, maybe scaled and shifted by constants. */
  isGate(value: string): boolean {
    let name = value;
    for (let step = 0; step < MAX_SCALINGS; step++) {
      const node = this.index.producer(name);
      if (node === undefined) return false;
      if (SQUASHING.has(node.opType ?? "")) return true;
      if (!SCALINGS.has(node.opType ?? "")) return false;
      const variable = node.input.filter((input) => !this.#isConstant(input));
      if (variable.length !== 1) return false;
      name = variable[0];
    }
    return false;
  }

  #makesNonNegative(node: NodeProto): boolean {
    const { opType = "" } = node;
    if (NON_NEGATIVE.has(opType)) return true;
    if (opType === "Clip") return (this.emit.known(node.input[1])?.[0] ?? -1) >= 0;
    return KEEP.has(opType) && valuesOf(node).every((name) => this.isNonNegative(name));
  }

  #isConstant(name: string): boolean {
    return this.index.initializers.has(name) || this.index.producer(name)?.opType === "Constant";
  }
}
