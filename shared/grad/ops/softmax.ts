import type { GradientRow } from "../gradient_scope.ts";

/** Y = exp X / sum exp X along one axis; dX = Y (dY - sum(dY Y)). */
const softmax: GradientRow = {
  rule: ({ emit: e, attributes, dims, y, dy }) => {
    const axis = attributes.int("axis", -1);
    const at = axis < 0 ? axis + dims(0).length : axis;
    const weighted = e.mul(dy(), y());
    return [e.sub(weighted, e.mul(y(), e.reduceSum(weighted, [at])))];
  },
};

/** Y = X - log sum exp X along one axis; dX = dY - exp(Y) sum dY. */
const logSoftmax: GradientRow = {
  rule: ({ emit: e, attributes, dims, y, dy }) => {
    const axis = attributes.int("axis", -1);
    const at = axis < 0 ? axis + dims(0).length : axis;
    return [e.sub(dy(), e.mul(e.op("Exp", [y()]), e.reduceSum(dy(), [at])))];
  },
};

export const softmaxRules = {
  LogSoftmax: logSoftmax,
  Softmax: softmax,
} as const satisfies Record<string, GradientRow>;
