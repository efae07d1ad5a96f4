import { normalizeAxis } from "../../onnx/mod.ts";
import type { GradientRule } from "../gradient_scope.ts";
import { checkMatrix, multiplyAlong, selection } from "./linear_map.ts";

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

/** Y = blocks of X by lists of indices; dX adds up dY over the places that read a block. */
export const gatherNDGradient: GradientRule = (scope) => {
  const { emit: e, dims, x, dy, attributes } = scope;
  const batch = attributes.int("batch_dims", 0);
  const places = dims(1).slice(batch, -1);
  const indexed = dims(0).slice(batch, batch + dims(1).at(-1)!);
  const size = (extents: readonly number[]) => extents.reduce((a, b) => a * b, 1);
  const [batches, count, extent] = [size(dims(0).slice(0, batch)), size(places), size(indexed)];
  checkMatrix(count, extent);
  // One number for each list: negative indices count from the end.
  const lists = e.reshape(x(1), [batches, count, indexed.length]);
  const fromEnd = e.less(lists, e.scalar(0, lists));
  const counted = e.where(fromEnd, e.add(lists, e.ints(indexed)), lists);
  const strides = indexed.map((_, axis) => size(indexed.slice(axis + 1)));
  const flat = e.reshape(e.reduceSum(e.mul(counted, e.ints(strides)), [2]), [batches, count]);
  const rows = e.op("OneHot", [flat, e.ints([extent]), e.array([0, 1], [2], dy())], { axis: 1 });
  const rest = size(dims(0).slice(batch + indexed.length));
  return [e.reshape(e.matMul(rows, e.reshape(dy(), [batches, count, rest])), dims(0)), null];
};
