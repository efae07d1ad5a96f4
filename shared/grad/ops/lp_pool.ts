import { windowOf } from "../../onnx/shape/window.ts";
import type { Emitter } from "../emitter.ts";
import type { GradientRow, GradientScope } from "../gradient_scope.ts";
import { spreadOverWindows } from "./pool_sum.ts";

/** dY / Y^(p - 1), and 0 where Y is 0. */
function perNorm({ emit: e, y, dy }: GradientScope, p: number): string {
  const positive = e.greater(y(), e.scalar(0, y()));
  const safe = e.where(positive, y(), e.scalar(1, y()));
  return e.keepWhere(positive, e.div(dy(), e.pow(safe, p - 1)));
}

/** sign(X) |X|^(p - 1). */
function signedPower(e: Emitter, x: string, p: number): string {
  const sign = e.op("Sign", [x]);
  return p === 1 ? sign : p === 2 ? x : e.mul(sign, e.pow(e.op("Abs", [x]), p - 1));
}

/** Y = (sum of |X|^p over each window)^(1/p). */
const lpPool: GradientRow = {
  convention: "0 where Y = 0",
  rule: (scope) => {
    const { emit: e, attributes, dims, x } = scope;
    const [, , ...spatial] = dims(0);
    const p = attributes.int("p", 2);
    const window = windowOf(attributes, spatial, attributes.ints("kernel_shape", []));
    const area = window.kernel.reduce((a, b) => a * b, 1);
    const spread = spreadOverWindows(e, e.scale(perNorm(scope, p), area), spatial, window);
    return [e.mul(spread, signedPower(e, x(0), p))];
  },
};

/** Y = the p-norm over the spatial axes. */
const globalLpPool: GradientRow = {
  convention: "0 where Y = 0",
  rule: (scope) => {
    const p = scope.attributes.int("p", 2);
    return [scope.emit.mul(perNorm(scope, p), signedPower(scope.emit, scope.x(0), p))];
  },
};

export const lpPoolRules = {
  GlobalLpPool: globalLpPool,
  LpPool: lpPool,
} as const satisfies Record<string, GradientRow>;
