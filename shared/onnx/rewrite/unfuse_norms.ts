import { float32 } from "../../tensor/tensor.ts";
import { float } from "../attributes.ts";
import type { RewriteScope } from "./rewrite_nodes.ts";

type Unfuse = (scope: RewriteScope) => void;

/** Of ONNX Runtime's own operators. */
const EPSILON = 1e-5;

/** x + skip + bias, which the fourth output is. */
function summed(scope: RewriteScope, bias = ""): string {
  const { input, output } = scope.node;
  const [x, skip] = input;
  const name = output[3] || undefined;
  if (!bias) return scope.op("Add", [x, skip], {}, name);
  return scope.op("Add", [scope.op("Add", [x, skip]), bias], {}, name);
}

/** Mean and inverse deviation are only made in training. */
const hasStatistics = ({ node }: RewriteScope) => node.output.slice(1, 3).some((name) => name);

/** Layer normalization of x + skip + bias. */
const skipLayerNorm: Unfuse = (scope) => {
  const { node, attributes } = scope;
  const [, , gamma, beta = "", bias = ""] = node.input;
  if (hasStatistics(scope)) return scope.rewrite(node.input, []);
  const inputs = [summed(scope, bias), gamma, ...beta ? [beta] : []];
  const epsilon = float(attributes.float("epsilon", EPSILON));
  scope.replace("LayerNormalization", inputs, { axis: -1, epsilon }, 1);
};

/** x / sqrt(mean(x^2) + epsilon) * gamma along the last axis, of any operator set. */
function rms(scope: RewriteScope, x: () => string, gamma: string): void {
  const { attributes, op, node } = scope;
  const size = scope.stored(gamma)?.data.length;
  // Without its size there is no mean that is the same in all operator sets.
  if (size === undefined) return scope.rewrite(node.input, []);
  const value = x();
  const share = float32(new Float32Array(size).fill(1 / size), [size, 1]);
  const mean = op("MatMul", [op("Mul", [value, value]), scope.constant(share)]);
  const least = Float32Array.of(attributes.float("epsilon", EPSILON));
  const root = op("Sqrt", [op("Add", [mean, scope.constant(float32(least, []))])]);
  scope.replace("Mul", [op("Div", [value, root]), gamma], {}, 1);
}

/** Normalization by the root mean square along the last axis. */
export const simplifiedLayerNorm: Unfuse = (scope) => {
  const [x, gamma] = scope.node.input;
  const isOther = scope.attributes.int("axis", -1) !== -1 || scope.node.output[1];
  if (isOther) return scope.rewrite(scope.node.input, []);
  rms(scope, () => x, gamma);
};

/** That of x + skip; whether a bias counts differs between versions of the runtime. */
const skipSimplifiedLayerNorm: Unfuse = (scope) => {
  const [, , gamma, bias = ""] = scope.node.input;
  if (hasStatistics(scope) || bias) return scope.rewrite(scope.node.input, []);
  rms(scope, () => summed(scope), gamma);
};

/** Normalizations that ONNX Runtime's optimisers join with what is before them. */
export const NORMS: Readonly<Record<string, Unfuse>> = {
  SkipLayerNormalization: skipLayerNorm,
  SkipSimplifiedLayerNormalization: skipSimplifiedLayerNorm,
};
