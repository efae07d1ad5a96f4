import { InputError } from "../../errors.ts";
import type { GradientRow, GradientScope } from "../gradient_scope.ts";

const CONVENTION = "rounding passes as the identity (straight-through), what is cut off nothing";

/** Least and largest integer of each type that numbers are quantised to. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  int8: [-(2 ** 7), 2 ** 7 - 1],
  uint8: [0, 2 ** 8 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  uint16: [0, 2 ** 16 - 1],
};

/** A scale or zero point with axes of extent 1 behind its own, where there is one a channel. */
function alongAxis(scope: GradientScope, i: number): string {
  const { emit: e, attributes, x } = scope;
  if (attributes.int("block_size", 0) !== 0) {
    throw new InputError(`Cannot differentiate ${scope.node.opType}: it quantises in blocks`);
  }
  const rank = scope.dims(0).length;
  if (scope.dims(i).length !== 1 || rank === 1) return e.castLike(x(i), x(1));
  const given = attributes.int("axis", 1);
  const axis = given < 0 ? given + rank : given;
  const dims = Array.from({ length: rank - axis }, (_, k) => k === 0 ? scope.dims(i)[0] : 1);
  return e.castLike(e.reshape(x(i), dims), x(1));
}

/** q = round(x / scale) + zero, cut off at the ends of its type. */
const quantize: GradientRow = {
  convention: CONVENTION,
  straightThrough: true,
  rule: (scope) => {
    const { emit: e, x, y, dy } = scope;
    const scale = alongAxis(scope, 1);
    const range = RANGES[e.fact(y()).type];
    const passed = e.div(dy(), scale);
    if (range === undefined) return [passed, null, null];
    const steps = e.op("Round", [e.div(x(0), scale)]);
    const level = scope.has(2) ? e.add(steps, alongAxis(scope, 2)) : steps;
    const zero = e.scalar(0, level);
    const isBelow = e.greater(e.scalar(range[0], level), level);
    const isAbove = e.greater(level, e.scalar(range[1], level));
    return [e.where(isBelow, zero, e.where(isAbove, zero, passed)), null, null];
  },
};

/** x = (q - zero) * scale */
const dequantize: GradientRow = {
  convention: CONVENTION,
  straightThrough: true,
  rule: (scope) => [scope.emit.mul(scope.dy(), alongAxis(scope, 1)), null, null],
};

/** q, scale and zero point follow from the range of x, which counts as fixed. */
const dynamic: GradientRow = {
  convention: CONVENTION,
  straightThrough: true,
  outputs: 3,
  rule: ({ emit: e, y, dy }) => [e.div(dy(), y(1))],
};

export const quantizeRules = {
  DequantizeLinear: dequantize,
  DynamicQuantizeLinear: dynamic,
  QuantizeLinear: quantize,
};
