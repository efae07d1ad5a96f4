import { float32 } from "../../tensor/tensor.ts";
import { DataType } from "../data_type.ts";
import type { RewriteScope } from "./rewrite_nodes.ts";

type Unfuse = (scope: RewriteScope) => void;

/** Queries, keys and values, [batch, heads, tokens, size] each, and what is added to the products. */
interface Heads {
  readonly q: string;
  readonly k: string;
  readonly v: string;
  readonly bias?: string;
}

const index = (scope: RewriteScope, value: number) =>
  scope.constant({ type: "int64", dims: [], data: BigInt64Array.of(BigInt(value)) });

/** What stays fused can be run, but neither differentiated nor looked into. */
const leave: Unfuse = (scope) => scope.rewrite(scope.node.input, []);

/** Whether the node does more than softmax(scale q k + bias) v: caches, masks by length, its matrix. */
function isBeyond(
  { node, attributes }: RewriteScope,
  inputs: readonly number[],
  flags: readonly string[],
): boolean {
  return inputs.some((i) => node.input[i]) || node.output.slice(1).some((name) => name) ||
    flags.some((name) => attributes.int(name, 0) !== 0);
}

/** [batch, tokens, heads * size] as [batch, heads, tokens, size]. */
function apart(scope: RewriteScope, x: string, heads: number): string {
  const split = scope.op("Reshape", [x, scope.ints([0, 0, heads, -1])]);
  return scope.op("Transpose", [split], { perm: [0, 2, 1, 3] });
}

/** The mixed values, [batch, heads, tokens, size]. */
function attend(scope: RewriteScope, { q, k, v, bias }: Heads): string {
  const keys = scope.op("Transpose", [k], { perm: [0, 1, 3, 2] });
  const products = scope.op("MatMul", [q, keys]);
  const scale = scope.attributes.float("scale", 0);
  // Without one it is 1 / sqrt(size), and the size is in the shape alone.
  const scaled = scale === 0
    ? scope.op("Div", [products, rootOfSize(scope, q)])
    : scope.op("Mul", [products, scope.constant(float32(Float32Array.of(scale), []))]);
  const scores = bias ? scope.op("Add", [scaled, bias]) : scaled;
  return scope.op("MatMul", [scope.op("Softmax", [scores], { axis: -1 }), v]);
}

function rootOfSize(scope: RewriteScope, q: string): string {
  const size = scope.op("Gather", [scope.op("Shape", [q]), index(scope, 3)]);
  return scope.op("Sqrt", [scope.op("Cast", [size], { to: DataType.float32 })]);
}

/** [batch, heads, tokens, size] as [batch, tokens, heads * size], in the place of the node. */
function join(scope: RewriteScope, mixed: string): void {
  const turned = scope.op("Transpose", [mixed], { perm: [0, 2, 1, 3] });
  scope.replace("Reshape", [turned, scope.ints([0, 0, -1])]);
}

/** The standard operator: of [batch, tokens, C] with a number of heads, or of heads apart. */
export const attention: Unfuse = (scope) => {
  const { node: { input: [q, k, v] }, attributes } = scope;
  const heads = attributes.int("q_num_heads", 0);
  // A mask may be of booleans or of numbers.
  const isOther = isBeyond(scope, [3, 4, 5, 6], ["is_causal"]) ||
    attributes.float("softcap", 0) !== 0 || attributes.int("kv_num_heads", heads) !== heads;
  if (isOther) return leave(scope);
  if (heads > 0) {
    const [a, b, c] = [q, k, v].map((x) => apart(scope, x, heads));
    return join(scope, attend(scope, { q: a, k: b, v: c }));
  }
  scope.replace("Identity", [attend(scope, { q, k, v })]);
};

/** ONNX Runtime's, of projected queries, keys and values [batch, tokens, C]. */
export const multiHeadAttention: Unfuse = (scope) => {
  const { node: { input: [q, k, v, shift, , bias] }, attributes } = scope;
  const heads = attributes.int("num_heads", 0);
  // Without keys or values they are packed in with the queries.
  if (!k || !v || isBeyond(scope, [4, 6, 7, 8, 9], ["unidirectional"])) return leave(scope);
  const shifts = shift ? scope.op("Reshape", [shift, scope.ints([3, -1])]) : undefined;
  const parts = [q, k, v].map((x, i) => {
    const moved = shifts ? scope.op("Add", [x, scope.op("Gather", [shifts, index(scope, i)])]) : x;
    return apart(scope, moved, heads);
  });
  join(scope, attend(scope, { q: parts[0], k: parts[1], v: parts[2], bias }));
};

/** ONNX Runtime's, of tokens [batch, tokens, C] and the weights of their projection [C, 3 C']. */
export const projectedAttention: Unfuse = (scope) => {
  const { node: { input: [x, weights, shift, , , bias] }, attributes } = scope;
  const heads = attributes.int("num_heads", 0);
  const isOther = isBeyond(scope, [3, 4, 6], ["unidirectional", "do_rotary"]) ||
    attributes.ints("qkv_hidden_sizes")?.some((size, _, [first]) => size !== first);
  if (isOther) return leave(scope);
  const product = scope.op("MatMul", [x, weights]);
  const projected = shift ? scope.op("Add", [product, shift]) : product;
  const split = scope.op("Reshape", [projected, scope.ints([0, 0, 3, heads, -1])]);
  const turned = scope.op("Transpose", [split], { perm: [2, 0, 3, 1, 4] });
  const [q, k, v] = [0, 1, 2].map((i) => scope.op("Gather", [turned, index(scope, i)]));
  join(scope, attend(scope, { q, k, v, bias }));
};
