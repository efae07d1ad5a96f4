import { float32 } from "../../tensor/tensor.ts";
import { type AttributeValues, attributeValues, float } from "../attributes.ts";
import type { Model } from "../model_file.ts";
import { own, withGraph } from "../edit.ts";
import { isStandardDomain } from "../opset.ts";
import type { NodeProto } from "../proto/types.ts";
import {
  rewriteNodes,
  type RewriteScope,
  type Rewritten,
  someNames,
  unchanged,
} from "./rewrite_nodes.ts";
import { attention, multiHeadAttention, projectedAttention } from "./unfuse_attention.ts";
import { BLOCKWISE } from "./unfuse_blockwise.ts";
import { CLASSIC, CLASSIC_DOMAIN } from "./unfuse_classic.ts";
import { NORMS, simplifiedLayerNorm } from "./unfuse_norms.ts";
import { UNQUANTISED } from "./unfuse_quantised.ts";

/** Writes a fused node as the standard operators that it stands for. */
export type Unfuse = (scope: RewriteScope) => void;

/** The domain of ONNX Runtime's own operators. */
const RUNTIME = "com.microsoft";

const scalar = (scope: RewriteScope, value: number) =>
  scope.constant(float32(Float32Array.of(value), []));

/** Puts an activation behind `x`, with the parameters that a fused node has for it. */
type Activate = (scope: RewriteScope, x: string, parameters: readonly number[]) => void;

const plain = (opType: string, ...names: readonly string[]): Activate => (scope, x, parameters) =>
  scope.replace(
    opType,
    [x],
    Object.fromEntries(
      names.flatMap((name, i) => parameters[i] === undefined ? [] : [[name, float(parameters[i])]]),
    ),
  );

const ACTIVATIONS: Readonly<Record<string, Activate>> = {
  Clip: (scope, x, [low, high]) =>
    scope.replace("Clip", [x, scalar(scope, low), scalar(scope, high)]),
  Elu: plain("Elu", "alpha"),
  HardSigmoid: plain("HardSigmoid", "alpha", "beta"),
  LeakyRelu: plain("LeakyRelu", "alpha"),
  Relu: plain("Relu"),
  Sigmoid: plain("Sigmoid"),
  Softplus: plain("Softplus"),
  Tanh: plain("Tanh"),
};

/** Attributes of a node without those that the standard operator does not have. */
function without(node: NodeProto, dropped: RegExp): AttributeValues {
  return Object.fromEntries(
    Object.entries(attributeValues(node)).filter(([name]) => !dropped.test(name)),
  );
}

const given = (names: readonly string[]) => {
  const last = names.findLastIndex((name) => name !== "");
  return names.slice(0, last + 1);
};

const fusedConv: Unfuse = (scope) => {
  const { node, attributes } = scope;
  const [x, w, b = "", z = ""] = node.input;
  const made = scope.op("Conv", given([x, w, b]), without(node, /^activation/));
  activated(scope, z ? scope.op("Add", [made, z]) : made, attributes.floats("activation_params"));
};

const fusedGemm: Unfuse = (scope) => {
  const { node, attributes } = scope;
  const made = scope.op("Gemm", given(node.input), without(node, /^activation|^leaky/));
  const alpha = attributes.float("activation_alpha", attributes.float("leaky_relu_alpha", NaN));
  const beta = attributes.float("activation_beta", NaN);
  activated(scope, made, [alpha, beta].filter((value) => !Number.isNaN(value)));
};

function activated(scope: RewriteScope, x: string, parameters: readonly number[] = []): void {
  const name = scope.attributes.string("activation", "");
  if (name === "") return scope.replace("Identity", [x]);
  // What is not known stays fused: it can be run, but not differentiated.
  if (!Object.hasOwn(ACTIVATIONS, name)) return scope.rewrite(scope.node.input, []);
  ACTIVATIONS[name](scope, x, parameters);
}

/** x/2 (1 + erf(x / sqrt 2)) */
function gelu(scope: RewriteScope, x: string): void {
  const inner = scope.op("Erf", [scope.op("Mul", [x, scalar(scope, Math.SQRT1_2)])]);
  const gate = scope.op("Add", [inner, scalar(scope, 1)]);
  scope.replace("Mul", [scope.op("Mul", [x, scalar(scope, 0.5)]), gate]);
}

/** x/2 (1 + tanh(0.7978845608 (x + 0.044715 x^3))) */
function fastGelu(scope: RewriteScope, x: string): void {
  const cube = scope.op("Mul", [scope.op("Mul", [x, x]), x]);
  const bent = scope.op("Add", [x, scope.op("Mul", [cube, scalar(scope, 0.044715)])]);
  const inner = scope.op("Tanh", [scope.op("Mul", [bent, scalar(scope, 0.7978845608028654)])]);
  const gate = scope.op("Add", [inner, scalar(scope, 1)]);
  scope.replace("Mul", [scope.op("Mul", [x, scalar(scope, 0.5)]), gate]);
}

const sum = (scope: RewriteScope) => {
  const [x, bias] = scope.node.input;
  return bias ? scope.op("Add", [x, bias]) : x;
};

const quickGelu: Unfuse = (scope) => {
  const [x] = scope.node.input;
  const alpha = scalar(scope, scope.attributes.float("alpha", 1.702));
  scope.replace("Mul", [x, scope.op("Sigmoid", [scope.op("Mul", [x, alpha])])]);
};

/** [N, H, W, C] through an operator that takes [N, C, H, W]. */
const channelsLast = (opType: string): Unfuse => (scope) => {
  const { node } = scope;
  const [x, w, b = "", z = ""] = node.input;
  const toFirst = (name: string) => scope.op("Transpose", [name], { perm: [0, 3, 1, 2] });
  const inputs = w ? given([toFirst(x), toFirst(w), b]) : [toFirst(x)];
  const made = scope.op(opType, inputs, without(node, /^activation/));
  const turned = scope.op("Transpose", [made], { perm: [0, 2, 3, 1] });
  const params = scope.attributes.floats("activation_params");
  activated(scope, z ? scope.op("Add", [turned, z]) : turned, params);
};

/** alpha * A B, each of which may be transposed. */
const fusedMatMul: Unfuse = (scope) => {
  const { node, attributes } = scope;
  const isTurned = (name: string) => attributes.int(name, 0) !== 0;
  if (["transBatchA", "transBatchB"].some(isTurned)) return scope.rewrite(node.input, []);
  const inputs = ["transA", "transB"].map((name, i) =>
    isTurned(name)
      ? scope.op("Einsum", [node.input[i]], { equation: "...ij->...ji" })
      : node.input[i]
  );
  const alpha = attributes.float("alpha", 1);
  if (alpha === 1) return scope.replace("MatMul", inputs);
  scope.replace("Mul", [scope.op("MatMul", inputs), scalar(scope, alpha)]);
};

/** Fused operators of ONNX Runtime, by name. */
const FUSED: Readonly<Record<string, Unfuse>> = {
  Attention: projectedAttention,
  BiasAdd: (scope) => {
    const [x, bias, skip] = scope.node.input;
    scope.replace("Add", [scope.op("Add", [x, bias]), skip]);
  },
  BiasGelu: (scope) => gelu(scope, sum(scope)),
  FastGelu: (scope) => fastGelu(scope, sum(scope)),
  FusedConv: fusedConv,
  FusedGemm: fusedGemm,
  FusedMatMul: fusedMatMul,
  Gelu: (scope) => gelu(scope, scope.node.input[0]),
  MultiHeadAttention: multiHeadAttention,
  NhwcConv: channelsLast("Conv"),
  NhwcFusedConv: channelsLast("Conv"),
  NhwcMaxPool: channelsLast("MaxPool"),
  QuickGelu: quickGelu,
  ...BLOCKWISE,
  ...NORMS,
  ...UNQUANTISED,
};

/**
 * The model with standard operators in the place of those that ONNX Runtime's optimisers, and
 * quantisers, fuse them into, so that each has a gradient, a rectifier can be followed and its maps
 * can be looked at.
 */
export function unfuse(model: Model): Rewritten {
  const undone: string[] = [];
  const made = new Set<string>();
  const graph = rewriteNodes(model.graph, (node) => {
    const { opType = "", domain = "" } = node;
    const unfused = own(isStandardDomain(domain) ? STANDARD : own(DOMAINS, domain) ?? {}, opType);
    if (unfused === undefined) return undefined;
    undone.push(opType);
    for (const name of node.output) made.add(name);
    return unfused;
  });
  if (undone.length === 0) return unchanged(model);
  const kinds = [...new Set(undone)];
  return {
    // Sums of integers are of float32 now, whatever the file says of them.
    model: withGraph(model, {
      ...graph,
      valueInfo: graph.valueInfo.filter(({ name = "" }) => !made.has(name)),
    }),
    notes: [`It has fused operators (${someNames(kinds)}), which are taken apart.`],
  };
}

/** Operators of the standard's domain that are made of others, or quantised. */
const STANDARD: Readonly<Record<string, Unfuse>> = {
  Attention: attention,
  SimplifiedLayerNormalization: simplifiedLayerNorm,
  ...Object.fromEntries(
    ["QLinearConv", "QLinearMatMul", "ConvInteger", "MatMulInteger"].map((name) =>
      [name, UNQUANTISED[name]] as const
    ),
  ),
};

/** Fused operators of other domains. */
const DOMAINS: Readonly<Record<string, Readonly<Record<string, Unfuse>>>> = {
  [CLASSIC_DOMAIN]: CLASSIC,
  [RUNTIME]: FUSED,
};

/** The operators that {@linkcode unfuse} takes apart, by name. */
export const fusedOperators: readonly string[] = [STANDARD, ...Object.values(DOMAINS)]
  .flatMap((table) => Object.keys(table));
