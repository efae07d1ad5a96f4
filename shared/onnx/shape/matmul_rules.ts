import { broadcastDims } from "./broadcast.ts";
import { parseEinsum } from "./einsum_equation.ts";
import type { ShapeRule, ShapeRules } from "./fact.ts";

const gemm: ShapeRule = (scope) => {
  const [a, b] = [scope.dims(0), scope.dims(1)];
  const rows = scope.attributes.int("transA", 0) ? a[1] : a[0];
  const columns = scope.attributes.int("transB", 0) ? b[0] : b[1];
  return [{ type: scope.fact(0).type, dims: [rows, columns] }];
};

const matMul: ShapeRule = (scope) => {
  const [a, b] = [scope.dims(0), scope.dims(1)];
  const batch = broadcastDims(a.slice(0, -2), b.slice(0, -2));
  const rows = a.length > 1 ? [a.at(-2)!] : [];
  const columns = b.length > 1 ? [b.at(-1)!] : [];
  return [{ type: scope.fact(0).type, dims: [...batch, ...rows, ...columns] }];
};

const einsum: ShapeRule = (scope) => {
  const shapes = Array.from({ length: scope.inputCount }, (_, i) => scope.dims(i));
  const { output, extents } = parseEinsum(scope.attributes.string("equation", ""), shapes);
  return [{ type: scope.fact(0).type, dims: [...output].map((label) => extents.get(label)!) }];
};

export const matmulRules: ShapeRules = { Gemm: gemm, MatMul: matMul, Einsum: einsum };
