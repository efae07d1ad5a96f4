import type { Emitter } from "../emitter.ts";
import { RULES } from "../rules.ts";
import type { RelevanceRule, RelevanceScope } from "./relevance_rule.ts";

/** Keeps sums of operators without weights from 0; small beside any activation. */
const STABILIZER = 1e-6;

/** `z` moved away from 0 by `amount`; 0 itself upwards. */
export function stabilized(e: Emitter, z: string, amount: number): string {
  const [zero, up, down] = [0, amount, -amount].map((value) => e.scalar(value, z));
  return e.add(z, e.where(e.less(z, zero), down, up));
}

/** What the transpose of a node's Jacobian makes of `dy`, for each input. */
export function transposed(scope: RelevanceScope, dy: string): readonly (string | null)[] {
  return RULES[scope.node.opType!].rule({ ...scope, dy: () => dy });
}

/** Elements are moved, copied or chosen: their relevance goes back to where they were. */
export const moved: RelevanceRule = (scope) => RULES[scope.node.opType!].rule(scope);

/**
 * All goes to the one operand that depends on the image: functions of one value, and scaling by what
 * is the same for every image or for the whole neighbourhood.
 */
export const passed: RelevanceRule = (scope) => {
  const wanted = scope.node.input.findIndex((_, i) => scope.wants(i));
  return scope.node.input.map((_, i) => i === wanted ? scope.dy() : null);
};

/** One of several operands is chosen at each place; against constants, it is a rectifier. */
export const chosen: RelevanceRule = (scope) => {
  const wanted = scope.node.input.filter((_, i) => scope.wants(i));
  return (wanted.length > 1 ? moved : passed)(scope);
};

/** Y is a sum: each summand gets its share of it, R_i = x_i dy_i/dx_i R / y. */
export const shared: RelevanceRule = (scope) => {
  const { emit: e } = scope;
  const shares = transposed(scope, e.div(scope.dy(), stabilized(e, scope.y(), STABILIZER)));
  return shares.map((share, i) =>
    share === null || !scope.wants(i) ? null : e.mul(scope.x(i), share)
  );
};

/**
 * As {@linkcode shared}; but what only shifts the image before the first weights takes nothing, nor
 * does a bias where biases are left out.
 */
export const added: RelevanceRule = (scope) => {
  const isShift = scope.node.input.filter((_, i) => scope.wants(i)).length === 1;
  return (isShift && (scope.isBeforeWeights || !scope.hasBiases) ? passed : shared)(scope);
};

/** As {@linkcode shared}; a sum of one element is that element. */
export const reduced: RelevanceRule = (scope) =>
  scope.emit.dims(scope.x(0)).every((extent) => extent === 1) ? moved(scope) : shared(scope);

/**
 * A product of two values of the image: the signal takes all, its gate nothing. Where neither is
 * seen to be the gate, they share equally.
 *
 * @see Arras et al., "Explaining Recurrent Neural Network Predictions in Sentiment Analysis", 2017
 */
export const gated: RelevanceRule = (scope) => {
  const { emit: e, node } = scope;
  const wanted = node.input.flatMap((_, i) => scope.wants(i) ? [i] : []);
  if (wanted.length < 2) return passed(scope);
  const gates = wanted.filter((i) => scope.isGate(scope.x(i)));
  const signals = gates.length === 1 ? wanted.filter((i) => i !== gates[0]) : wanted;
  const relevance = e.scale(scope.dy(), 1 / signals.length);
  return node.input.map((_, i) => signals.includes(i) ? relevance : null);
};

/** The divisor is a scale. */
export const divided: RelevanceRule = ({ dy, wants }) => [wants(0) ? dy() : null, null];
