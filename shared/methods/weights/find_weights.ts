import { InputError } from "../../errors.ts";
import { nearNames } from "../../models/mod.ts";
import { describeNode, GraphIndex, inputsOf, type NodeProto, operatorOf } from "../../onnx/mod.ts";
import type { Network } from "../../network/network.ts";
import { varyingTensors } from "../../network/feature_maps.ts";
import { weightedNodes, weightsOf } from "../../network/weights.ts";

/** An operator of a network with weights. */
export interface WeightedNode {
  readonly node: NodeProto;
  /** The tensor that holds its weights. */
  readonly weights: string;
  /** Whether it looks at the image itself, with nothing before it that mixes channels. */
  readonly seesImage: boolean;
}

/** Whether a node works on each channel by itself, and at each place: what is before it is the same. */
function keepsChannels(node: NodeProto): boolean {
  const operator = operatorOf(node);
  return operator?.keepsChannels === true && !["reduction", "window"].includes(operator.kind);
}

/**
 * The operator whose weights a person means by the name of its output, of what follows from that
 * channel by channel (a rectifier, a bias), of its alias, or of the weights themselves.
 *
 * @param requested "auto" is the first operator with weights.
 * @throws {RangeError} If there is none; with those there are.
 */
export function findWeights(network: Network, requested: string): WeightedNode {
  const index = new GraphIndex(network.file.graph);
  const varying = varyingTensors(index, network.inputName);
  const weighted = weightedNodes(index, varying);
  const node = requested === "auto"
    ? weighted[0]
    : index.initializers.has(requested)
    ? readerOf(requested, index, weighted)
    : index.producer(originOf(network.resolveLayer(requested), index, varying));
  if (node === undefined || !weighted.includes(node)) {
    throw new InputError(describeMissing(network.id, requested, weighted, node));
  }
  const seesImage = originOf(node.input[0], index, varying) === network.inputName;
  return { node, weights: weightsOf(node), seesImage };
}

/** The tensor from which `name` follows channel by channel. */
function originOf(name: string, index: GraphIndex, varying: ReadonlySet<string>): string {
  for (let at = name;;) {
    const node = index.producer(at);
    const read = node ? inputsOf(node).filter((input) => varying.has(input)) : [];
    if (!node || read.length !== 1 || !keepsChannels(node)) return at;
    at = read[0];
  }
}

/** The operator that uses the constant `name` as its weights, whatever is done to it before. */
function readerOf(name: string, index: GraphIndex, weighted: readonly NodeProto[]) {
  return weighted.find((node) => {
    const weights = weightsOf(node);
    return weights === name ||
      index.ancestors([weights]).some((before) => inputsOf(before).includes(name));
  });
}

function describeMissing(
  id: string,
  requested: string,
  weighted: readonly NodeProto[],
  maker: NodeProto | undefined,
): string {
  if (weighted.length === 0) {
    return `Cannot show weights of ${id}: it has no Conv, ConvTranspose, Gemm or MatMul with constant weights`;
  }
  const reason = maker
    ? `${describeNode(maker)} makes it, which has none`
    : "no Conv, ConvTranspose, Gemm or MatMul has those";
  const names = nearNames(requested, weighted.map((node) => node.output[0]));
  return `Cannot show the weights of "${requested}" in ${id}: ${reason}; near layers with weights are ` +
    names.map((name) => `"${name}"`).join(", ");
}
