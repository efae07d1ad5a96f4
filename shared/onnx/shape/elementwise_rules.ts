import { InputError } from "../../errors.ts";
import { DataType, dataTypeName } from "../data_type.ts";
import { broadcastDims } from "./broadcast.ts";
import type { ShapeRule, ShapeRules } from "./fact.ts";

/** One output like the first input. */
export const sameAsInput: ShapeRule = (scope) => {
  const { type, dims } = scope.fact(0);
  return [{ type, dims }];
};

/** All inputs broadcast; the type is the first one's. */
const broadcast: ShapeRule = (scope) => {
  const shapes = Array.from({ length: scope.inputCount }, (_, i) => scope.dims(i));
  return [{ type: scope.fact(0).type, dims: broadcastDims(...shapes) }];
};

const comparison: ShapeRule = (scope) => [{ ...broadcast(scope)[0], type: "bool" }];

/** Shaped like the input; of its type, if no other is named. */
const typedLike: ShapeRule = (scope) => {
  const to = scope.attributes.int("dtype");
  const type = to === undefined ? scope.fact(0).type : dataTypeName(to) as "float32";
  return [{ type, dims: scope.dims(0) }];
};

/** Slopes are broadcast to the input, and not the other way: ONNX Runtime breaks off half-way there. */
const prelu: ShapeRule = (scope) => {
  const [dims, slopes] = [scope.dims(0), scope.dims(1)];
  if (scope.opset >= 7 && broadcastDims(dims, slopes).join() !== dims.join()) {
    throw new InputError(`slopes of [${slopes}] do not fit an input of [${dims}]`);
  }
  return sameAsInput(scope);
};

const UNARY = `Abs Acos Acosh Asin Asinh Atan Atanh BitwiseNot Ceil Celu Clip Cos Cosh CumSum Elu
  Erf Exp Floor Gelu HardSigmoid HardSwish Hardmax Identity LRN LeakyRelu Log LogSoftmax
  LpNormalization MeanVarianceNormalization Mish Neg Not Reciprocal Relu Round Selu Shrink
  Sigmoid Sign Sin Sinh Softmax Softplus Softsign Sqrt Swish Tan Tanh ThresholdedRelu Trilu
  InstanceNormalization GroupNormalization RMSNormalization ReverseSequence ScatterElements
  ScatterND`.split(/\s+/);

const NARY = `Add And BitwiseAnd BitwiseOr BitwiseXor Div Max Mean Min Mod Mul Or Pow Sub
  Sum Xor`.split(/\s+/);

const COMPARISONS = "Equal Greater GreaterOrEqual Less LessOrEqual".split(" ");

const table = (names: readonly string[], rule: ShapeRule): ShapeRules =>
  Object.fromEntries(names.map((name) => [name, rule]));

export const elementwiseRules: ShapeRules = {
  ...table(UNARY, sameAsInput),
  ...table(NARY, broadcast),
  ...table(COMPARISONS, comparison),
  PRelu: prelu,
  IsNaN: (scope) => [{ type: "bool", dims: scope.dims(0) }],
  IsInf: (scope) => [{ type: "bool", dims: scope.dims(0) }],
  Where: (scope) => [{
    type: scope.fact(1).type,
    dims: broadcastDims(scope.dims(0), scope.dims(1), scope.dims(2)),
  }],
  Cast: (scope) => [{
    type: dataTypeName(scope.attributes.int("to", DataType.float32)) as "float32",
    dims: scope.dims(0),
  }],
  CastLike: (scope) => [{ type: scope.fact(1).type, dims: scope.dims(0) }],
  Dropout: (scope) => [sameAsInput(scope)[0], { type: "bool", dims: scope.dims(0) }],
  BatchNormalization: (scope) => [
    sameAsInput(scope)[0],
    ...[1, 2, 3, 4].map(() => ({ type: scope.fact(1).type, dims: scope.dims(1) })),
  ],
  LayerNormalization: (scope) => {
    const axis = scope.attributes.int("axis", -1);
    const dims = scope.dims(0);
    const from = axis < 0 ? axis + dims.length : axis;
    const stats = { type: "float32" as const, dims: dims.map((d, i) => i < from ? d : 1) };
    return [sameAsInput(scope)[0], stats, stats];
  },
  QuantizeLinear: (scope) => [{
    type: scope.has(2) ? scope.fact(2).type : "uint8",
    dims: scope.dims(0),
  }],
  DynamicQuantizeLinear: (scope) => [
    { type: "uint8", dims: scope.dims(0) },
    { type: "float32", dims: [] },
    { type: "uint8", dims: [] },
  ],
  EyeLike: typedLike,
  RandomNormalLike: typedLike,
  RandomUniformLike: typedLike,
  DequantizeLinear: (scope) => [{ type: scope.fact(1).type, dims: scope.dims(0) }],
};
