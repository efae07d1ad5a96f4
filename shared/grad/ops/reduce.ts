import { reducedAxes } from "../../onnx/shape/reduce_rules.ts";
import type { GradientRow, GradientScope } from "../gradient_scope.ts";

/** What a reduction's rule works with: dY and Y with the reduced axes back as extent 1. */
interface Reduction {
  readonly scope: GradientScope;
  readonly axes: readonly number[];
  readonly dy: string;
  readonly y: string;
  /** How many elements became one. */
  readonly count: number;
}

function reduction(gradient: (reduction: Reduction) => string, convention?: string): GradientRow {
  return {
    convention,
    rule: (scope) => {
      const { emit: e } = scope;
      const axes = reducedAxes(scope);
      const kept = scope.dims(0).map((extent, axis) => axes.includes(axis) ? 1 : extent);
      const count = axes.reduce((product, axis) => product * scope.dims(0)[axis], 1);
      const [dy, y] = [e.reshape(scope.dy(), kept), e.reshape(scope.y(), kept)];
      return [e.expand(gradient({ scope, axes, dy, y, count }), scope.dims(0)), null];
    },
  };
}

/** Equal shares to the elements that attain Y. */
const extremum = reduction(({ scope: { emit: e, x }, axes, dy, y }) => {
  const hits = e.keepWhere(e.equal(x(0), y), e.scalar(1, y));
  return e.mul(hits, e.div(dy, e.reduceSum(hits, axes)));
}, "elements that tie share equally");

/** The product of the others: an exclusive product from both ends, so that zeros do no harm. */
const product = reduction(({ scope, axes, dy }) => {
  const { emit: e } = scope;
  const dims = scope.dims(0);
  const rest = dims.flatMap((_, axis) => axes.includes(axis) ? [] : [axis]);
  const order = [...rest, ...axes];
  const flat = e.transpose(scope.x(0), order);
  const outer = rest.map((axis) => dims[axis]);
  const count = axes.reduce((n, axis) => n * dims[axis], 1);
  const last = outer.length;
  const rows = e.reshape(flat, [...outer, count]);
  const one = e.expand(e.scalar(1, rows), [...outer, 1]);
  const columns = Array.from({ length: count }, (_, k) => e.slice(rows, last, k, k + 1));
  const before = [one];
  const after = [one];
  for (let k = 1; k < count; k++) {
    before.push(e.mul(before[k - 1], columns[k - 1]));
    after.push(e.mul(after[k - 1], columns[count - k]));
  }
  const others = e.concat(before.map((value, k) => e.mul(value, after[count - 1 - k])), last);
  const shaped = e.reshape(others, order.map((axis) => dims[axis]));
  return e.mul(dy, e.transpose(shaped, order.map((_, axis) => order.indexOf(axis))));
});

export const reduceRules = {
  ReduceL1: reduction(
    ({ scope: { emit: e, x }, dy }) => e.mul(dy, e.op("Sign", [x(0)])),
    "0 at X = 0",
  ),
  ReduceL2: reduction(({ scope: { emit: e, x }, dy, y }) => {
    // The norm of zeros has no derivative; nothing is passed back there.
    const safe = e.where(e.greater(y, e.scalar(0, y)), y, e.scalar(1, y));
    return e.mul(x(0), e.div(dy, safe));
  }, "0 where Y = 0"),
  ReduceLogSum: reduction(({ scope: { emit: e }, dy, y }) => e.div(dy, e.op("Exp", [y]))),
  ReduceLogSumExp: reduction(({ scope: { emit: e, x }, dy, y }) =>
    e.mul(dy, e.op("Exp", [e.sub(x(0), y)]))
  ),
  ReduceMax: extremum,
  ReduceMean: reduction(({ scope: { emit: e }, dy, count }) => e.scale(dy, 1 / count)),
  ReduceMin: extremum,
  ReduceProd: product,
  ReduceSum: reduction(({ dy }) => dy),
  ReduceSumSquare: reduction(({ scope: { emit: e, x }, dy }) => e.mul(e.scale(dy, 2), x(0))),
} as const satisfies Record<string, GradientRow>;
