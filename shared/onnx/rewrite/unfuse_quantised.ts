import { float32 } from "../../tensor/tensor.ts";
import { attributeValues } from "../attributes.ts";
import { DataType } from "../data_type.ts";
import type { RewriteScope } from "./rewrite_nodes.ts";

/** Real numbers of quantised ones: (q - zero) * scale. */
const real = (scope: RewriteScope, q: string, scale: string, zero = "", axis = 0) =>
  scope.op("DequantizeLinear", zero ? [q, scale, zero] : [q, scale], { axis });

/** Quantises `x` in the place of the node. */
const quantise = (scope: RewriteScope, x: string, scale: string, zero = "") =>
  scope.replace("QuantizeLinear", zero ? [x, scale, zero] : [x, scale]);

/** The attributes of the node, which are those of the operator for real numbers. */
const same = ({ node }: RewriteScope) => attributeValues(node);

type Unfuse = (scope: RewriteScope) => void;

/** A bias of int32 counts in units of both scales. */
function bias(scope: RewriteScope, b: string, x: string, w: string): string {
  const unit = scope.op("Mul", [x, w]);
  return scope.op("Mul", [scope.op("Cast", [b], { to: DataType.float32 }), unit]);
}

const conv: Unfuse = (scope) => {
  const [x, xs, xz, w, ws, wz, ys, yz, b] = scope.node.input;
  const inputs = [real(scope, x, xs, xz), real(scope, w, ws, wz)];
  const made = scope.op(
    "Conv",
    b ? [...inputs, bias(scope, b, xs, ws)] : inputs,
    same(scope),
  );
  quantise(scope, made, ys, yz);
};

const matMul: Unfuse = (scope) => {
  const [a, as, az, b, bs, bz, ys, yz] = scope.node.input;
  const made = scope.op("MatMul", [real(scope, a, as, az), real(scope, b, bs, bz, -1)]);
  quantise(scope, made, ys, yz);
};

const gemm: Unfuse = (scope) => {
  const [a, as, az, b, bs, bz, c, ys, yz] = scope.node.input;
  const axis = scope.attributes.int("transB", 0) === 1 ? 0 : 1;
  const inputs = [real(scope, a, as, az), real(scope, b, bs, bz, axis)];
  const values = same(scope);
  const all = c ? [...inputs, bias(scope, c, as, bs)] : inputs;
  // The scale of the result is left out where it is not quantised.
  if (ys) quantise(scope, scope.op("Gemm", all, values), ys, yz);
  else scope.replace("Gemm", all, values);
};

/** Two operands, with scale and zero point behind each. */
const binary = (opType: string): Unfuse => (scope) => {
  const [a, as, az, b, bs, bz, ys, yz] = scope.node.input;
  quantise(scope, scope.op(opType, [real(scope, a, as, az), real(scope, b, bs, bz)]), ys, yz);
};

/** One operand; of [N, H, W, C] where an attribute says so. */
const unary = (opType: string): Unfuse => (scope) => {
  const [x, xs, xz, ys, yz] = scope.node.input;
  const { channels_last: last, opset: _, ...values } = same(scope);
  const isLast = Number(last ?? 0) === 1;
  const turn = (name: string, perm: readonly number[]) =>
    isLast ? scope.op("Transpose", [name], { perm }) : name;
  const made = scope.op(opType, [turn(real(scope, x, xs, xz), [0, 3, 1, 2])], values);
  quantise(scope, turn(made, [0, 2, 3, 1]), ys, yz);
};

const concat: Unfuse = (scope) => {
  const [ys, yz, ...parts] = scope.node.input;
  const inputs: string[] = [];
  for (let i = 0; i < parts.length; i += 3) {
    inputs.push(real(scope, parts[i], parts[i + 1], parts[i + 2]));
  }
  quantise(scope, scope.op("Concat", inputs, same(scope)), ys, yz);
};

/** Sums of products of integers, which float32 holds up to 2^24; they stay numbers. */
const integers = (opType: string): Unfuse => (scope) => {
  const [x, w, xz, wz] = scope.node.input;
  const one = scope.constant(float32(Float32Array.of(1), []));
  scope.replace(opType, [real(scope, x, one, xz), real(scope, w, one, wz)], same(scope));
};

/** A product of integers as real numbers, and what is added. */
function product(scope: RewriteScope, a: string, b: string, added = ""): void {
  if (added) scope.replace("Add", [scope.op("MatMul", [a, b]), added]);
  else scope.replace("MatMul", [a, b]);
}

/** Of what is quantised on the way, by the range that it has. */
const dynamicMatMul: Unfuse = (scope) => {
  const [a, b, scale, zero, added] = scope.node.input;
  const names = ["levels", "scale", "zero"].map((part) => `${scope.node.output[0]}/${part}`);
  const [q, qs, qz] = scope.ops("DynamicQuantizeLinear", [a], names);
  product(scope, real(scope, q, qs, qz), real(scope, b, scale, zero, -1), added);
};

const matMulToFloat: Unfuse = (scope) => {
  const [a, b, as, bs, az, bz, added] = scope.node.input;
  product(scope, real(scope, a, as, az, -1), real(scope, b, bs, bz, -1), added);
};

/** Quantised operators, by name, as those for real numbers between a dequantiser and a quantiser. */
export const UNQUANTISED: Readonly<Record<string, Unfuse>> = {
  ConvInteger: integers("Conv"),
  DynamicQuantizeMatMul: dynamicMatMul,
  MatMulInteger: integers("MatMul"),
  MatMulIntegerToFloat: matMulToFloat,
  QGemm: gemm,
  QLinearAdd: binary("Add"),
  QLinearAveragePool: unary("AveragePool"),
  QLinearConcat: concat,
  QLinearConv: conv,
  QLinearGlobalAveragePool: unary("GlobalAveragePool"),
  QLinearLeakyRelu: unary("LeakyRelu"),
  QLinearMatMul: matMul,
  QLinearMul: binary("Mul"),
  QLinearSigmoid: unary("Sigmoid"),
  QLinearSoftmax: unary("Softmax"),
};
