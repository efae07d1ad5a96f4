import type { DataTypeName } from "../data_type.ts";
import { broadcastDims } from "./broadcast.ts";
import { parseEinsum } from "./einsum_equation.ts";
import type { ShapeRule, ShapeRules, ShapeScope } from "./fact.ts";

const gemm: ShapeRule = (scope) => {
  const [a, b] = [scope.dims(0), scope.dims(1)];
  const rows = scope.attributes.int("transA", 0) ? a[1] : a[0];
  const columns = scope.attributes.int("transB", 0) ? b[0] : b[1];
  return [{ type: scope.fact(0).type, dims: [rows, columns] }];
};

/** @param right Which input is the second factor. */
const matMul =
  (right: number, typeOf: (scope: ShapeScope) => DataTypeName): ShapeRule => (scope) => {
    const [a, b] = [scope.dims(0), scope.dims(right)];
    const batch = broadcastDims(a.slice(0, -2), b.slice(0, -2));
    const rows = a.length > 1 ? [a.at(-2)!] : [];
    const columns = b.length > 1 ? [b.at(-1)!] : [];
    return [{ type: typeOf(scope), dims: [...batch, ...rows, ...columns] }];
  };

const einsum: ShapeRule = (scope) => {
  const shapes = Array.from({ length: scope.inputCount }, (_, i) => scope.dims(i));
  const { output, extents } = parseEinsum(scope.attributes.string("equation", ""), shapes);
  return [{ type: scope.fact(0).type, dims: [...output].map((label) => extents.get(label)!) }];
};

/** Without past keys; heads are an axis of their own, or joined in the last one. */
const attention: ShapeRule = (scope) => {
  const [query, value] = [scope.dims(0), scope.dims(2)];
  const joined = scope.attributes.int("kv_num_heads", 1);
  const width = query.length === 4
    ? value.at(-1)!
    : value.at(-1)! / joined * scope.attributes.int("q_num_heads", joined);
  return [{ type: scope.fact(0).type, dims: [...query.slice(0, -1), width] }];
};

export const matmulRules: ShapeRules = {
  Attention: attention,
  Gemm: gemm,
  MatMul: matMul(1, (scope) => scope.fact(0).type),
  MatMulInteger: matMul(1, () => "int32"),
  QLinearMatMul: matMul(3, (scope) => scope.fact(7).type),
  Einsum: einsum,
};
