import { InputError } from "../../errors.ts";
import { float32 } from "../../tensor/tensor.ts";
import { float } from "../attributes.ts";
import { DataType } from "../data_type.ts";
import type { RewriteScope } from "../rewrite/rewrite_nodes.ts";
import type { RankOf } from "./upgrades.ts";

/** Rewrites one node of an operator set before 7 for operator set 7. */
export type OldUpgrade = (scope: RewriteScope, rankOf: RankOf) => void;

/** What operators carried that has no meaning since 7; the runtime refuses it. */
const GONE = ["consumed_inputs"];

const keep = (...dropped: string[]): OldUpgrade => (scope) =>
  scope.rewrite(scope.node.input, [...GONE, ...dropped]);

/** Adds axes of extent 1 behind those of a value. */
function withTrailing(scope: RewriteScope, value: string, rank: number, count: number): string {
  if (count <= 0) return value;
  const axes = Array.from({ length: count }, (_, i) => rank + i);
  return scope.op("Unsqueeze", [value], { axes });
}

/** Until 7 the second operand was laid along the axes of the first from `axis` on. */
const broadcasting: OldUpgrade = (scope, rankOf) => {
  const { node: { input: [a, b] }, attributes } = scope;
  const axis = attributes.int("axis");
  const dropped = [...GONE, "broadcast", "axis"];
  const [rank, other] = [rankOf(a), rankOf(b)];
  if (axis === undefined || rank === undefined || other === undefined) {
    return scope.rewrite([a, b], dropped);
  }
  const first = axis < 0 ? axis + rank : axis;
  scope.rewrite([a, withTrailing(scope, b, other, rank - first - other)], dropped);
};

/** One slope a channel became a slope that is broadcast. */
const prelu: OldUpgrade = (scope, rankOf) => {
  const [x, slope] = scope.node.input;
  const count = rankOf(slope) === 1 ? (rankOf(x) ?? 4) - 2 : 0;
  scope.rewrite([x, withTrailing(scope, slope, 1, count)], GONE);
};

/** Until 6 a type was spelled: "FLOAT". */
const cast: OldUpgrade = (scope) => {
  const spelled = scope.attributes.string("to", "");
  if (spelled === "") return;
  const names: Readonly<Record<string, number>> = {
    FLOAT: DataType.float32,
    DOUBLE: DataType.float64,
    ...Object.fromEntries(Object.entries(DataType).map(([name, id]) => [name.toUpperCase(), id])),
  };
  const to = names[spelled.toUpperCase()];
  if (to === undefined) throw new InputError(`there is no element type "${spelled}"`);
  scope.rewrite(scope.node.input, ["to"], { to });
};

const reshape: OldUpgrade = (scope) => {
  const shape = scope.attributes.ints("shape");
  if (shape) scope.rewrite([scope.node.input[0], scope.ints(shape)], ["shape", ...GONE]);
};

const concat: OldUpgrade = (scope) =>
  scope.rewrite(scope.node.input, ["axis"], { axis: scope.attributes.int("axis", 1) });

const upsample: OldUpgrade = (scope) => {
  const { attributes } = scope;
  if (!attributes.has("height_scale")) return;
  const scales = [1, 1, attributes.float("height_scale", 1), attributes.float("width_scale", 1)];
  const dropped = ["height_scale", "width_scale"];
  scope.rewrite(scope.node.input, dropped, { scales: float(scales) });
};

const scalar = (scope: RewriteScope, value: number) =>
  scope.constant(float32(Float32Array.of(value), []));

/** x * scale + bias of each channel, as Core ML's converter wrote it. */
const imageScaler: OldUpgrade = (scope) => {
  const bias = Float32Array.from(scope.attributes.floats("bias") ?? [0]);
  const scaled = scope.op("Mul", [
    scope.node.input[0],
    scalar(scope, scope.attributes.float("scale", 1)),
  ]);
  scope.replace("Add", [scaled, scope.constant(float32(bias, [1, bias.length, 1, 1]))]);
};

const affine: OldUpgrade = (scope) => {
  const { attributes, node: { input: [x] } } = scope;
  const scaled = scope.op("Mul", [x, scalar(scope, attributes.float("alpha", 1))]);
  scope.replace("Add", [scaled, scalar(scope, attributes.float("beta", 0))]);
};

const scaledTanh: OldUpgrade = (scope) => {
  const { attributes, node: { input: [x] } } = scope;
  const inner = scope.op("Mul", [x, scalar(scope, attributes.float("beta", 1))]);
  scope.replace("Mul", [
    scope.op("Tanh", [inner]),
    scalar(scope, attributes.float("alpha", 1)),
  ]);
};

const all = (names: string, upgrade: OldUpgrade) =>
  Object.fromEntries(names.split(/\s+/).map((name) => [name, upgrade]));

/** Operators that had another form before operator set 7, or were experimental. */
export const UPGRADES_TO_7: Readonly<Record<string, OldUpgrade>> = {
  ...all("Add And Div Equal Greater Less Mul Or Pow Sub Xor", broadcasting),
  ...all(
    `Abs Ceil Clip Elu Exp Floor HardSigmoid InstanceNormalization LeakyRelu Log Max Mean Min Neg
    Reciprocal Relu Selu Sigmoid Sqrt Sum Tanh`,
    keep(),
  ),
  Affine: affine,
  // Which of the two modes counts is said by the outputs; spatial is left to the next upgrade.
  BatchNormalization: keep("is_test"),
  Cast: cast,
  Concat: concat,
  Dropout: keep("is_test"),
  Gemm: keep("broadcast"),
  ImageScaler: imageScaler,
  PRelu: prelu,
  Reshape: reshape,
  ScaledTanh: scaledTanh,
  Upsample: upsample,
};
