import { normalizeAxis } from "../../onnx/mod.ts";
import type { GradientRow, GradientScope } from "../gradient_scope.ts";

/**
 * Adds up dY, shaped like `indices`, at the places along `axis` that they name: a sum over one-hot
 * rows rather than a scatter, which is not deterministic on WebGPU.
 */
function addAlong(scope: GradientScope, indices: string, axis: number): string {
  const { emit: e, dims, dy } = scope;
  const extent = dims(0)[axis];
  const values = e.array([0, 1], [2], dy());
  // OneHot takes places from the end as well.
  const rows = e.op("OneHot", [indices, e.ints([extent]), values], { axis: -1 });
  const column = e.reshape(dy(), [...e.dims(dy()), 1]);
  const summed = e.reduceSum(e.mul(rows, column), [axis]);
  const rank = dims(0).length;
  const perm = Array.from(
    { length: rank + 1 },
    (_, i) => i === axis ? rank : i === rank ? axis : i,
  );
  const found = e.transpose(summed, perm);
  const shape = e.dims(found).slice(0, rank);
  // Indices may cover less of the other axes than X has.
  return e.pad(
    e.reshape(found, shape),
    shape.map(() => 0),
    shape.map((covered, i) => dims(0)[i] - covered),
  );
}

/** Y[..., i, ...] = X[..., indices[..., i, ...], ...]. */
const gatherElements: GradientRow = {
  rule: (scope) => {
    const axis = normalizeAxis(scope.attributes.int("axis", 0), scope.dims(0).length);
    return [addAlong(scope, scope.x(1), axis), null];
  },
};

/** The k largest or smallest along an axis; dY goes to where they were. */
const topK: GradientRow = {
  convention: "those that TopK chooses of equals",
  rule: (scope) => {
    const axis = normalizeAxis(scope.attributes.int("axis", -1), scope.dims(0).length);
    return [addAlong(scope, scope.y(1), axis), null];
  },
};

export const gatherElementsRules = {
  GatherElements: gatherElements,
  TopK: topK,
} as const satisfies Record<string, GradientRow>;
