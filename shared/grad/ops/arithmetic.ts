import { InputError } from "../../errors.ts";
import type { GradientRow, GradientScope } from "../gradient_scope.ts";
import { rectified } from "./rectifiers.ts";

/** One input; `slope` emits dY/dX. */
function unary(slope: (scope: GradientScope) => string, convention?: string): GradientRow {
  return { convention, rule: (scope) => [scope.emit.mul(scope.dy(), slope(scope))] };
}

const passOn: GradientRow = { rule: ({ dy }) => [dy()] };

const pow: GradientRow = {
  convention: "dX is 0 at X = 0 for an exponent of 0; the exponent's gradient is 0 where X <= 0",
  rule: (scope) => {
    const { emit: e, x, y, dy, wants } = scope;
    const [base, exponent] = [x(0), e.castLike(x(1), x(0))];
    const known = e.known(x(1));
    const dBase = () => {
      // Powers are slow, and inexact on GPUs; the square is what networks use.
      if (known?.length === 1 && known[0] === 2) return e.mul(dy(), e.scale(base, 2));
      const lowered = e.op("Pow", [base, e.shift(exponent, -1)]);
      const slope = e.mul(exponent, lowered);
      // 0 * 0^-1 would be NaN.
      const isFlat = e.equal(exponent, e.scalar(0, base));
      return e.mul(dy(), e.where(isFlat, e.scalar(0, base), slope));
    };
    const dExponent = () => {
      const positive = e.greater(base, e.scalar(0, base));
      const log = e.op("Log", [e.where(positive, base, e.scalar(1, base))]);
      return e.mul(dy(), e.mul(y(), log));
    };
    return [wants(0) ? dBase() : null, wants(1) ? dExponent() : null];
  },
};

const mul: GradientRow = {
  rule: ({ emit: e, x, dy, wants }) => [
    wants(0) ? e.mul(dy(), x(1)) : null,
    wants(1) ? e.mul(dy(), x(0)) : null,
  ],
};

const div: GradientRow = {
  rule: ({ emit: e, x, y, dy, wants }) => {
    const quotient = e.div(dy(), x(1));
    return [wants(0) ? quotient : null, wants(1) ? e.neg(e.mul(quotient, y())) : null];
  },
};

/** dY to every input, scaled. */
function toAll(factor: (scope: GradientScope) => number): GradientRow {
  return {
    rule: (scope) => {
      const shared = scope.emit.scale(scope.dy(), factor(scope));
      return scope.node.input.map(() => shared);
    },
  };
}

/**
 * The largest or smallest of several operands: equal shares to those that tie. Against operands
 * that nobody wants the gradient of, as in max(0, X), it is a rectifier.
 */
const extremum: GradientRow = {
  convention: "operands that tie share equally",
  rule: (scope) => {
    const { emit: e, node, x, y, dy } = scope;
    if (node.input.length === 1) return [dy()];
    const gradients = (g: string) => {
      const hits = node.input.map((_, i) => {
        const hit = e.keepWhere(e.equal(x(i), y()), e.scalar(1, y()));
        return e.expand(hit, e.dims(y()));
      });
      const share = e.div(g, hits.reduce((a, b) => e.add(a, b)));
      return hits.map((hit, i) => scope.wants(i) ? e.mul(hit, share) : null);
    };
    const wanted = node.input.flatMap((_, i) => scope.wants(i) ? [i] : []);
    if (wanted.length > 1) return gradients(dy());
    const [only] = rectified(scope, (g) => gradients(g)[wanted[0]]!);
    return node.input.map((_, i) => i === wanted[0] ? only : null);
  },
};

const dropout: GradientRow = {
  rule: (scope) => {
    const isTraining = scope.has(2) && scope.emit.known(scope.x(2))?.[0] !== 0;
    if (isTraining) {
      throw new InputError(
        `Cannot differentiate Dropout "${scope.y()}": it is in training mode; export the network ` +
          `for inference`,
      );
    }
    return [scope.dy()];
  },
};

const where: GradientRow = {
  rule: ({ emit: e, x, dy, wants }) => {
    const zero = e.scalar(0, dy());
    return [
      null,
      wants(1) ? e.where(x(0), dy(), zero) : null,
      wants(2) ? e.where(x(0), zero, dy()) : null,
    ];
  },
};

const cast: GradientRow = { rule: ({ emit: e, x, dy }) => [e.op("CastLike", [dy(), x(0)])] };

export const arithmeticRules = {
  Abs: unary(({ emit: e, x }) => e.op("Sign", [x(0)]), "0 at X = 0"),
  Acos: unary(({ emit: e, x }) => e.neg(e.pow(e.sub(e.scalar(1, x(0)), e.mul(x(0), x(0))), -0.5))),
  Acosh: unary(({ emit: e, x }) => e.pow(e.shift(e.mul(x(0), x(0)), -1), -0.5)),
  Add: { rule: ({ dy }) => [dy(), dy()] },
  Asin: unary(({ emit: e, x }) => e.pow(e.sub(e.scalar(1, x(0)), e.mul(x(0), x(0))), -0.5)),
  Asinh: unary(({ emit: e, x }) => e.pow(e.shift(e.mul(x(0), x(0)), 1), -0.5)),
  Atan: unary(({ emit: e, x }) => e.op("Reciprocal", [e.shift(e.mul(x(0), x(0)), 1)])),
  Atanh: unary(({ emit: e, x }) =>
    e.op("Reciprocal", [e.sub(e.scalar(1, x(0)), e.mul(x(0), x(0)))])
  ),
  Cast: cast,
  CastLike: { rule: (scope) => [...cast.rule(scope), null] },
  Cos: unary(({ emit: e, x }) => e.neg(e.op("Sin", [x(0)]))),
  Cosh: unary(({ emit: e, x }) => e.op("Sinh", [x(0)])),
  Div: div,
  Dropout: dropout,
  Exp: unary(({ y }) => y()),
  Identity: passOn,
  Log: unary(({ emit: e, x }) => e.op("Reciprocal", [x(0)])),
  Max: extremum,
  Mean: toAll(({ node }) => 1 / node.input.length),
  Min: extremum,
  Mul: mul,
  Neg: { rule: ({ emit: e, dy }) => [e.neg(dy())] },
  Pow: pow,
  Reciprocal: unary(({ emit: e, y }) => e.neg(e.mul(y(), y()))),
  Sin: unary(({ emit: e, x }) => e.op("Cos", [x(0)])),
  Sinh: unary(({ emit: e, x }) => e.op("Cosh", [x(0)])),
  Sqrt: unary(({ emit: e, y }) => e.div(e.scalar(0.5, y()), y())),
  Sub: { rule: ({ emit: e, dy, wants }) => [dy(), wants(1) ? e.neg(dy()) : null] },
  Sum: toAll(() => 1),
  Tan: unary(({ emit: e, y }) => e.shift(e.mul(y(), y()), 1)),
  Where: where,
} as const satisfies Record<string, GradientRow>;
