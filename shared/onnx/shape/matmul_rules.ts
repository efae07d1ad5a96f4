import type { DataTypeName } from "../data_type.ts";
import { broadcastDims } from "./broadcast.ts";
import { parseEinsum } from "./einsum_equation.ts";
import { normalizeAxis, type ShapeRule, type ShapeRules, type ShapeScope } from "./fact.ts";
import type { Attributes } from "../attributes.ts";

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

/** Real and imaginary parts, of all frequencies or of one side of them. */
const dft: ShapeRule = (scope) => {
  const { type, dims } = scope.fact(0);
  const axis = dftAxis(scope, dims.length);
  const length = scope.has(1) ? scope.value(1)[0] : dims[axis];
  const isOnesided = scope.attributes.int("onesided", 0) !== 0;
  const count = isOnesided ? Math.floor(length / 2) + 1 : length;
  return [{ type, dims: dims.with(-1, 2).with(axis, count) }];
};

/** Every step, and the last state; batch first where the layout is 1. */
const recurrent = (gates: number): ShapeRule => (scope) => {
  const { type, dims: [first, second] } = scope.fact(0);
  const [ways, rows] = scope.dims(1);
  const isBatchFirst = scope.attributes.int("layout", 0) === 1;
  const [steps, batch] = isBatchFirst ? [second, first] : [first, second];
  const hidden = rows / gates;
  const state = { type, dims: isBatchFirst ? [batch, ways, hidden] : [ways, batch, hidden] };
  const all = isBatchFirst ? [batch, steps, ways, hidden] : [steps, ways, batch, hidden];
  return [{ type, dims: all }, state, state];
};

export const matmulRules: ShapeRules = {
  Attention: attention,
  DFT: dft,
  GRU: recurrent(3),
  LSTM: recurrent(4),
  RNN: recurrent(1),
  Gemm: gemm,
  MatMul: matMul(1, (scope) => scope.fact(0).type),
  MatMulInteger: matMul(1, () => "int32"),
  QLinearMatMul: matMul(3, (scope) => scope.fact(7).type),
  Einsum: einsum,
};

/** The operator set since which the axis of a DFT is an input. */
const AXIS_BY_INPUT = 20;

/** What is known of a DFT node. */
interface DftNode {
  readonly attributes: Attributes;
  readonly opset: number;
  /** Whether input `i` is given. */
  has(i: number): boolean;
  /** The numbers of a constant input. */
  value(i: number): readonly number[];
}

/** The axis that a DFT transforms, from 0, of an input of so many axes; the last one holds its parts. */
export function dftAxis(node: DftNode, rank: number): number {
  const { attributes, opset } = node;
  if (opset < AXIS_BY_INPUT) return normalizeAxis(attributes.int("axis", 1), rank);
  return normalizeAxis(node.has(2) ? node.value(2)[0] : -2, rank);
}
