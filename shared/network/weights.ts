import {
  type GraphIndex,
  type NodeProto,
  tensorOf,
  toFloat32,
  weightsInput,
  withOutputs,
} from "../onnx/mod.ts";
import type { RunOptions } from "../runtime/mod.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Network } from "./network.ts";

/** The tensor that holds the weights of a weighted node. */
export const weightsOf = (node: NodeProto): string => weightsInput(node)!;

/** The convolutions and matrix products with weights that do not depend on the input, in order. */
export function weightedNodes(index: GraphIndex, varying: ReadonlySet<string>): NodeProto[] {
  return index.order.filter((node) => {
    const weights = weightsInput(node);
    return weights !== undefined && varying.has(node.input[0]) && !varying.has(weights);
  });
}

/**
 * A float tensor that does not depend on the image: from the file, or as the runtime computes it
 * from what is in the file.
 *
 * @throws {RangeError} If its elements are not floats.
 */
export async function constantTensor(
  network: Network,
  name: string,
  options: RunOptions,
): Promise<Tensor<"float32">> {
  const held = network.file.graph.initializer.find((tensor) => tensor.name === name);
  if (held) return toFloat32(tensorOf(held), name);
  const results = await network.evaluate(withOutputs(network.file, [name]), {}, [name], options);
  return toFloat32(results[name], name);
}
