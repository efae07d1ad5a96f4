import { InputError } from "../../errors.ts";
import { dftAxis } from "../../onnx/mod.ts";
import type { GradientRule } from "../gradient_scope.ts";
import { applyTransposed, type Matrix, zeroMatrix } from "./linear_map.ts";

/** A matrix of cosines or sines, [frequencies, places]. */
function waves(
  of: (angle: number) => number,
  frequencies: number,
  places: number,
  length: number,
  factor: number,
): Matrix {
  const matrix = zeroMatrix(frequencies, places);
  // The remainder keeps the angle exact, and there are no more angles than remainders.
  const values = Float64Array.from(
    { length },
    (_, remainder) => factor * of(2 * Math.PI * remainder / length),
  );
  for (let k = 0; k < frequencies; k++) {
    for (let i = 0; i < Math.min(places, length); i++) {
      matrix.data[k * places + i] = values[k * i % length];
    }
  }
  return matrix;
}

/** Y = F X along an axis, F of cosines and sines; dX is its transpose, real and imaginary parts apart. */
export const dftGradient: GradientRule = (scope) => {
  const { emit: e, attributes, dims, dy } = scope;
  const [isInverse, isOnesided] = ["inverse", "onesided"].map((name) => attributes.int(name, 0));
  if (isInverse && isOnesided) {
    throw new InputError(
      `Cannot differentiate DFT "${scope.y()}": an inverse of one side is not supported`,
    );
  }
  const [axis, last] = [dftAxis(scope, dims(0).length), dims(0).length - 1];
  const output = e.dims(scope.y());
  const places = dims(0)[axis];
  const length = scope.has(1) ? scope.value(1)[0] : places;
  const [factor, turn] = isInverse ? [1 / length, -1] : [1, 1];
  const along = (part: number, of: (angle: number) => number, sign: number) =>
    applyTransposed(
      e,
      e.slice(dy(), last, part, part + 1),
      axis,
      waves(of, output[axis], places, length, sign * factor),
    );
  const real = e.add(along(0, Math.cos, 1), along(1, Math.sin, -turn));
  if (dims(0)[last] === 1) return [real, null, null];
  const imaginary = e.add(along(0, Math.sin, turn), along(1, Math.cos, 1));
  return [e.concat([real, imaginary], last), null, null];
};
