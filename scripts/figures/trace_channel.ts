import {
  Attributes,
  type Fact,
  type GraphIndex,
  type NodeProto,
  operatorOf,
  tensorOf,
} from "../../shared/onnx/mod.ts";
import { float32, type Tensor } from "../../shared/tensor/tensor.ts";

/** A channel of a tensor. */
export interface Channel {
  readonly tensor: string;
  readonly channel: number;
}

/** Whether a node keeps channels apart and in order. */
function keepsChannels(node: NodeProto): boolean {
  const operator = operatorOf(node);
  return operator?.keepsChannels === true && operator.kind !== "view";
}

/** Operators that mix the channels of their input by weights. */
const WEIGHTED = new Set(["Conv", "Gemm", "MatMul"]);

/**
 * Follows a channel back, through what keeps channels apart, to the first tensor that `isGoal`.
 *
 * @returns undefined where channels are mixed before, or the way is not a plain one.
 */
export function traceChannel(
  { tensor, channel }: Channel,
  index: GraphIndex,
  facts: ReadonlyMap<string, Fact>,
  isGoal: (tensor: string) => boolean,
): Channel | undefined {
  if (isGoal(tensor)) return { tensor, channel };
  const node = index.producer(tensor);
  if (!node) return undefined;
  const back = stepBack(node, channel, index, facts);
  return back && traceChannel(back, index, facts, isGoal);
}

/** The weighted node that makes a channel, and which of its outputs that is. */
export function weightedSource(
  channel: Channel,
  index: GraphIndex,
  facts: ReadonlyMap<string, Fact>,
): { node: NodeProto; channel: number } | undefined {
  const isWeighted = (tensor: string) => WEIGHTED.has(index.producer(tensor)?.opType ?? "");
  const found = traceChannel(channel, index, facts, isWeighted);
  return found && { node: index.producer(found.tensor)!, channel: found.channel };
}

/** [outputs, inputs per group, ...kernel] of a weighted node; undefined if they are computed. */
export function weightsOf(node: NodeProto, index: GraphIndex): Tensor<"float32"> | undefined {
  const proto = index.initializers.get(node.input[1]);
  if (proto === undefined) return undefined;
  const tensor = tensorOf(proto);
  if (tensor.type !== "float32") return undefined;
  const isTransposed = node.opType === "MatMul" ||
    (node.opType === "Gemm" && new Attributes(node).int("transB", 0) === 0);
  return isTransposed ? transposed(tensor as Tensor<"float32">) : tensor as Tensor<"float32">;
}

function stepBack(
  node: NodeProto,
  channel: number,
  index: GraphIndex,
  facts: ReadonlyMap<string, Fact>,
): Channel | undefined {
  const { opType = "", input } = node;
  const data = input.filter((name) => !index.initializers.has(name));
  const dims = facts.get(data[0])?.dims;
  if (keepsChannels(node) && data.length === 1) return { tensor: data[0], channel };
  if (opType === "Concat" && new Attributes(node).int("axis", 1) === 1) {
    let first = 0;
    for (const name of input) {
      const count = facts.get(name)?.dims?.[1] ?? NaN;
      if (channel < first + count) return { tensor: name, channel: channel - first };
      first += count;
    }
  }
  const isVector = facts.get(node.output[0])?.dims?.length === 2;
  if ((opType === "Flatten" || opType === "Reshape") && isVector && dims && dims.length > 1) {
    const area = dims.slice(2).reduce((product, extent) => product * extent, 1);
    return { tensor: data[0], channel: Math.floor(channel / area) };
  }
  return undefined;
}

function transposed({ data, dims }: Tensor<"float32">): Tensor<"float32"> {
  const [rows, columns] = dims;
  const result = new Float32Array(data.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) result[c * rows + r] = data[r * columns + c];
  }
  return float32(result, [columns, rows]);
}
