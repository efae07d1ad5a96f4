import { type GraphIndex, type NodeProto, weightsInput } from "../onnx/mod.ts";

/** The tensor that holds the weights of a weighted node. */
export const weightsOf = (node: NodeProto): string => weightsInput(node)!;

/** The convolutions and matrix products with weights that do not depend on the input, in order. */
export function weightedNodes(index: GraphIndex, varying: ReadonlySet<string>): NodeProto[] {
  return index.order.filter((node) => {
    const weights = weightsInput(node);
    return weights !== undefined && varying.has(node.input[0]) && !varying.has(weights);
  });
}
