import { float32, type Tensor } from "../../tensor/tensor.ts";
import { DataType } from "../data_type.ts";
import { own } from "../edit.ts";
import type { RewriteScope } from "./rewrite_nodes.ts";

type Unfuse = (scope: RewriteScope) => void;

/** The domain of classic machine learning, of scikit-learn's converter. */
export const CLASSIC_DOMAIN = "ai.onnx.ml";

const toFloat = (scope: RewriteScope, x: string) => scope.op("Cast", [x], { to: DataType.float32 });

const list = (values: readonly number[]): Tensor<"float32"> =>
  float32(Float32Array.from(values), [values.length]);

/** What is left as it is can be run, but not differentiated. */
const leave: Unfuse = (scope) => scope.rewrite(scope.node.input, []);

/** (x - offset) * scale */
const scaler: Unfuse = (scope) => {
  const { node, attributes } = scope;
  const [offset, scale] = ["offset", "scale"].map((name) => attributes.floats(name) ?? []);
  if (offset.length === 0 || scale.length === 0) return leave(scope);
  const centred = scope.op("Sub", [toFloat(scope, node.input[0]), scope.constant(list(offset))]);
  scope.replace("Mul", [centred, scope.constant(list(scale))]);
};

/** The norms that a standard operator has too. */
const NORMS: Readonly<Record<string, number>> = { L1: 1, L2: 2 };

const normalizer: Unfuse = (scope) => {
  const p = own(NORMS, scope.attributes.string("norm", "MAX"));
  if (p === undefined) return leave(scope);
  scope.replace("LpNormalization", [toFloat(scope, scope.node.input[0])], { axis: -1, p });
};

/** Scores of `count` classes or targets, [N, count]: x W + b with W [features, count]. */
function linear(scope: RewriteScope, count: number, shift: string): string | undefined {
  const { node, attributes } = scope;
  const coefficients = attributes.floats("coefficients") ?? [];
  const features = coefficients.length / count;
  if (!Number.isInteger(features) || features === 0) return undefined;
  const columns = Float32Array.from(coefficients, (_, i) => {
    const [feature, target] = [Math.floor(i / count), i % count];
    return coefficients[target * features + feature];
  });
  const inputs = [
    toFloat(scope, node.input[0]),
    scope.constant(float32(columns, [features, count])),
  ];
  const made = scope.op("MatMul", inputs);
  const added = attributes.floats(shift) ?? [];
  return added.length === 0 ? made : scope.op("Add", [made, scope.constant(list(added))]);
}

/** What makes probabilities of scores. */
const TRANSFORMS: Readonly<Record<string, string>> = {
  LOGISTIC: "Sigmoid",
  NONE: "Identity",
  SOFTMAX: "Softmax",
};

/** The scores; the class, the first output, is still what the node itself says. */
const linearClassifier: Unfuse = (scope) => {
  const { node, attributes } = scope;
  const labels = node.attribute.find(({ name = "" }) => name.startsWith("classlabels_"));
  const count = Math.max(labels?.ints.length ?? 0, labels?.strings.length ?? 0);
  const transform = own(TRANSFORMS, attributes.string("post_transform", "NONE"));
  const shifts = attributes.floats("intercepts")?.length ?? count;
  const scores = node.output[1];
  // One row of coefficients for two classes has rules of its own.
  if (count === 0 || shifts !== count || transform === undefined || !scores) return leave(scope);
  const made = linear(scope, count, "intercepts");
  if (made === undefined) return leave(scope);
  scope.op(transform, [made], transform === "Softmax" ? { axis: -1 } : {}, scores);
  scope.keepOthers([scores]);
};

const linearRegressor: Unfuse = (scope) => {
  const { attributes } = scope;
  const transform = own(TRANSFORMS, attributes.string("post_transform", "NONE"));
  const made = transform && linear(scope, attributes.int("targets", 1), "intercepts");
  if (!made) return leave(scope);
  scope.replace(transform, [made], transform === "Softmax" ? { axis: -1 } : {});
};

/** Operators of scikit-learn pipelines, by name, as products, sums and norms. */
export const CLASSIC: Readonly<Record<string, Unfuse>> = {
  LinearClassifier: linearClassifier,
  LinearRegressor: linearRegressor,
  Normalizer: normalizer,
  Scaler: scaler,
};
