import { type ErrorKind, InputError, type KnownError } from "../errors.ts";
import { printable } from "../printable.ts";

/** Nothing is known of a value's shape before the model runs, and what is written depends on it. */
export class UnknownShapeError extends InputError {
  override readonly name = "UnknownShapeError";
  override readonly kind: ErrorKind = "unknown-shape";

  constructor(value: string) {
    super(
      `Cannot write the graph: the shape of "${value}" is not known, or there is no such tensor`,
    );
  }
}

/** A node that stands between objective and target and has no rule. */
export interface MissingRule {
  /** With its domain unless that is the standard one: `com.microsoft.FusedConv`. */
  readonly opType: string;
  /** Where the operator has a rule that leaves this one of its outputs out: its number. */
  readonly output?: number;
  readonly node: string;
  readonly opset: number;
}

/** What a rule hands back, and what cannot be done where one is missing. */
const ACTIONS = {
  gradient: "differentiate the graph",
  relevance: "propagate relevance",
} as const;

/** A graph has no way back; {@linkcode missing} names every node in the way. */
export class UnsupportedOperatorError extends Error implements KnownError {
  override readonly name = "UnsupportedOperatorError";
  readonly kind: ErrorKind = "unsupported-operator";

  constructor(readonly missing: readonly MissingRule[], what: keyof typeof ACTIONS = "gradient") {
    const list = missing.map(({ opType, output, node, opset }) =>
      `${output === undefined ? "" : `output ${output} of `}${opType} (opset ${opset}) at "${node}"`
    );
    super(printable(`Cannot ${ACTIONS[what]}: no ${what} rule for ${list.join(", ")}`));
  }
}
