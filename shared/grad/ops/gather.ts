import { normalizeAxis } from "../../onnx/mod.ts";
import type { GradientRule } from "../gradient_scope.ts";
import { multiplyAlong, selection } from "./linear_map.ts";

/** Y = slices of X by index; dX adds up dY over the places that read a slice. */
export const gatherGradient: GradientRule = (scope) => {
  const { emit: e, dims, dy } = scope;
  const axis = normalizeAxis(scope.attributes.int("axis", 0), dims(0).length);
  const extent = dims(0)[axis];
  const count = dims(1).reduce((a, b) => a * b, 1);
  const flat = e.reshape(dy(), [...dims(0).slice(0, axis), count, ...dims(0).slice(axis + 1)]);
  const known = e.known(scope.x(1));
  if (known?.length === 1) {
    const at = known[0] < 0 ? known[0] + extent : known[0];
    const only = (amount: number) => dims(0).map((_, i) => i === axis ? amount : 0);
    return [e.pad(flat, only(at), only(extent - 1 - at)), null];
  }
  const matrix = known
    ? e.array(
      selection(known.map((i) => i < 0 ? i + extent : i), extent).data,
      [count, extent],
      dy(),
    )
    : oneHot();
  return [multiplyAlong(e, flat, axis, matrix), null];

  function oneHot(): string {
    const indices = e.reshape(scope.x(1), [count]);
    const values = e.array([0, 1], [2], dy());
    return e.op("OneHot", [indices, e.ints([extent]), values], { axis: 1 });
  }
};
