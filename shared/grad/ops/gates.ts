import { InputError } from "../../errors.ts";
import type { GradientRow, GradientScope } from "../gradient_scope.ts";

/** g f'(x), where `slope` emits f'(x). */
function smooth(slope: (scope: GradientScope) => string): GradientRow {
  return { rule: (scope) => [scope.emit.mul(scope.dy(), slope(scope))] };
}

/** Refuses the rules of rectifiers for a function that is none; see {@linkcode ReluRule}. */
export function refuseReluRule(scope: GradientScope, what: string): void {
  if (scope.reluRule === "plain") return;
  throw new InputError(
    `Cannot apply the ${scope.reluRule} rule at ${scope.node.opType} "${scope.y()}": ${what} is not ` +
      `monotone, so the rule has no meaning there; use the plain rule`,
  );
}

/** A smooth rectifier that falls somewhere, for which only the plain rule is defined. */
function gate(slope: (scope: GradientScope) => string, convention?: string): GradientRow {
  return {
    convention,
    rule: (scope) => {
      refuseReluRule(scope, scope.node.opType!);
      return smooth(slope).rule(scope);
    },
  };
}

const sigmoid = smooth(({ emit: e, y }) => e.sub(y(), e.mul(y(), y())));

const tanh = smooth(({ emit: e, y }) => e.sub(e.scalar(1, y()), e.mul(y(), y())));

/** f(x) = x / (1 + |x|); f' = (1 - |f|)^2. */
const softsign = smooth(({ emit: e, y }) => {
  const rest = e.sub(e.scalar(1, y()), e.op("Abs", [y()]));
  return e.mul(rest, rest);
});

/** f(x) = x limited to [0, 1] after alpha x + beta. */
const hardSigmoid: GradientRow = {
  convention: "0 at both bends",
  rule: ({ emit: e, attributes, y, dy }) => {
    const inside = e.op("And", [e.greater(y(), e.scalar(0, y())), e.less(y(), e.scalar(1, y()))]);
    return [e.keepWhere(inside, e.scale(dy(), attributes.float("alpha", 0.2)))];
  },
};

const SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);

const erf = smooth(({ emit: e, x }) =>
  e.scale(e.op("Exp", [e.neg(e.mul(x(0), x(0)))]), 2 / Math.sqrt(Math.PI))
);

/** f(x) = x Phi(x); f' = Phi(x) + x phi(x). */
function exactGelu({ emit: e, x }: GradientScope): string {
  const cdf = e.scale(e.shift(e.op("Erf", [e.scale(x(0), Math.SQRT1_2)]), 1), 0.5);
  const density = e.scale(e.op("Exp", [e.scale(e.mul(x(0), x(0)), -0.5)]), SQRT_2_OVER_PI / 2);
  return e.add(cdf, e.mul(x(0), density));
}

/** f(x) = x (1 + tanh u) / 2 with u = sqrt(2 / pi) (x + 0.044715 x^3). */
function tanhGelu({ emit: e, x }: GradientScope): string {
  const square = e.mul(x(0), x(0));
  const u = e.mul(e.scale(x(0), SQRT_2_OVER_PI), e.shift(e.scale(square, 0.044715), 1));
  const t = e.op("Tanh", [u]);
  const du = e.scale(e.shift(e.scale(square, 3 * 0.044715), 1), SQRT_2_OVER_PI);
  const outer = e.mul(e.sub(e.scalar(1, t), e.mul(t, t)), du);
  return e.scale(e.add(e.shift(t, 1), e.mul(x(0), outer)), 0.5);
}

const gelu = gate((scope) =>
  scope.attributes.string("approximate", "none") === "tanh" ? tanhGelu(scope) : exactGelu(scope)
);

/** f(x) = x min(1, max(0, x / 6 + 1/2)); f' = x / 3 + 1/2 between -3 and 3. */
const hardSwish = gate(({ emit: e, x }) => {
  const [low, high] = [e.scalar(-3, x(0)), e.scalar(3, x(0))];
  const middle = e.shift(e.scale(x(0), 1 / 3), 0.5);
  const upper = e.where(e.less(x(0), high), middle, e.scalar(1, x(0)));
  return e.keepWhere(e.greater(x(0), low), upper);
}, "0 at X = -3, 1 at X = 3");

/** f(x) = x tanh(softplus x). */
const mish = gate(({ emit: e, x }) => {
  const t = e.op("Tanh", [e.op("Softplus", [x(0)])]);
  const inner = e.mul(e.sub(e.scalar(1, t), e.mul(t, t)), e.op("Sigmoid", [x(0)]));
  return e.add(t, e.mul(x(0), inner));
});

/** f(x) = x s with s = sigmoid(alpha x); f' = s + alpha x s (1 - s). */
const swish = gate(({ emit: e, attributes, x }) => {
  const alpha = attributes.float("alpha", 1);
  const s = e.op("Sigmoid", [e.scale(x(0), alpha)]);
  return e.add(s, e.mul(e.scale(x(0), alpha), e.sub(s, e.mul(s, s))));
});

export const gateRules = {
  Erf: erf,
  Gelu: gelu,
  HardSigmoid: hardSigmoid,
  HardSwish: hardSwish,
  Mish: mish,
  Sigmoid: sigmoid,
  Softsign: softsign,
  Swish: swish,
  Tanh: tanh,
} as const satisfies Record<string, GradientRow>;
