import { float32 } from "../../tensor/tensor.ts";
import { own } from "../edit.ts";
import { isStandardDomain } from "../opset.ts";
import type { Model } from "../model_file.ts";
import type { GraphProto, NodeProto } from "../proto/types.ts";
import { upgradeModel } from "../upgrade/upgrade_model.ts";
import { type Rewrite, rewriteNodes } from "./rewrite_nodes.ts";

/** The operator that makes a value; undefined for inputs, constants and other domains. */
type MadeBy = (value: string) => string | undefined;

/** A rectifier lets nothing negative through. */
const sign = (madeBy: MadeBy): Rewrite => (scope) => {
  const [x] = scope.node.input;
  const zero = scope.op("CastLike", [scope.constant(float32(Float32Array.of(0), [])), x]);
  const positive = scope.op("Greater", [x, zero]);
  if (madeBy(x) === "Relu") return scope.replace("CastLike", [positive, x]);
  const negative = scope.op("Less", [x, zero]);
  const both = [positive, negative].map((where) => scope.op("CastLike", [where, x]));
  scope.replace("Sub", both);
};

/** Residual blocks of some exporters join their branches by it. */
const sum = (): Rewrite => ({ node: { input: [first, second, ...rest] }, op, replace }) => {
  if (second === undefined) return replace("Identity", [first]);
  const last = rest.pop();
  if (last === undefined) return replace("Add", [first, second]);
  const sums = rest.reduce((a, b) => op("Add", [a, b]), op("Add", [first, second]));
  replace("Add", [sums, last]);
};

/** What the names of a backward pass's values begin with, before a slash. */
export const GRADIENT_SCOPE = "grad";

/**
 * What is kept where two values are equal, in the gradient of a pool; a network's own may keep out
 * what is not finite, of which the product would be NaN. ONNX Runtime transposes around
 * convolutions, moves that behind the comparison, and cannot transpose booleans on the GPU.
 */
const keptWhereEqual = (madeBy: MadeBy): Rewrite => ({ node, stored, op, replace }) => {
  const [where, x, other] = node.input;
  const left = stored(other);
  const isZero = left?.dims.length === 0 && Number(left.data[0]) === 0;
  if (!node.output[0].startsWith(`${GRADIENT_SCOPE}/`) || !isZero || madeBy(where) !== "Equal") {
    return;
  }
  replace("Mul", [x, op("CastLike", [where, x])]);
};

const REWRITES: Readonly<Record<string, (madeBy: MadeBy) => Rewrite>> = {
  Sign: sign,
  Sum: sum,
  Where: keptWhereEqual,
};

const rewriteOf = ({ domain, opType = "" }: NodeProto) =>
  isStandardDomain(domain) ? own(REWRITES, opType) : undefined;

/**
 * The same model without forms that ONNX Runtime's WebGPU provider (1.30.0) leaves to the processor
 * although it has what they are made of. Each of them sends its values there and waits for what
 * comes back: Sign is in the gradient of every rectifier. Finite values stay the same and keep their
 * names; shapes and types may be open.
 */
export function keptOnGpu(model: Model): Model {
  if (!model.graph.node.some(rewriteOf)) return model;
  const upgraded = upgradeModel(model);
  return { ...upgraded, graph: rewritten(upgraded.graph) };
}

function rewritten(graph: GraphProto): GraphProto {
  const makers = new Map(
    graph.node.filter(({ domain }) => isStandardDomain(domain))
      .flatMap(({ output, opType }) => output.map((value) => [value, opType] as const)),
  );
  return rewriteNodes(graph, (node) => rewriteOf(node)?.((value) => makers.get(value)));
}
