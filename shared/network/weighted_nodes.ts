import { type GraphIndex, inputsOf, type NodeProto } from "../onnx/mod.ts";

/** Which input of an operator holds its weights. */
const WEIGHTS: Readonly<Record<string, number>> = { Conv: 1, Gemm: 1, MatMul: 1 };

/** Everything that is computed from the graph's input, the input included. */
export function varyingTensors(index: GraphIndex, input: string): ReadonlySet<string> {
  const varying = new Set([input]);
  for (const node of index.order) {
    if (!inputsOf(node).some((name) => varying.has(name))) continue;
    for (const name of node.output) varying.add(name);
  }
  return varying;
}

/** The tensor that holds the weights of a weighted node. */
export const weightsOf = (node: NodeProto): string => node.input[WEIGHTS[node.opType ?? ""]];

/** The convolutions and matrix products with weights that do not depend on the input, in order. */
export function weightedNodes(index: GraphIndex, varying: ReadonlySet<string>): NodeProto[] {
  return index.order.filter((node) =>
    WEIGHTS[node.opType ?? ""] !== undefined && varying.has(node.input[0]) &&
    !varying.has(weightsOf(node))
  );
}
