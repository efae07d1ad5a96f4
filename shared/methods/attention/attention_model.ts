import { type Model, ModelBuilder, withOutputs } from "../../onnx/mod.ts";
import type { Network } from "../../network/network.ts";
import type { FoundAttention } from "./find_layer.ts";

/** A model of attention, and what its outputs are called. */
export interface AttentionModel {
  readonly model: Model;
  /** The layer's matrices, [..., queries, keys]. */
  readonly heads: string;
  /** Mean over the heads of each layer up to it, [queries, keys]. */
  readonly means: readonly string[];
}

/** The first operator set whose ReduceMean has its axes as an input. */
const AXES_AS_INPUT = 18;

/** The network with the layer's attention, and the mean over heads of every layer, as its outputs. */
export function attentionModel(network: Network, found: FoundAttention): AttentionModel {
  const b = new ModelBuilder({ base: network.model, prefix: "attention/" });
  const ints = (...values: number[]) =>
    b.constant({
      type: "int64",
      dims: [values.length],
      data: BigInt64Array.from(values, BigInt),
    });
  const means = found.stack.map(({ tensor, tokens }) => {
    const flat = b.op("Reshape", [tensor, ints(-1, tokens, tokens)]);
    return b.opset < AXES_AS_INPUT
      ? b.op("ReduceMean", [flat], { axes: [0], keepdims: 0 })
      : b.op("ReduceMean", [flat, ints(0)], { keepdims: 0 });
  });
  const { tensor: heads } = found.layer;
  return { model: withOutputs(b.build(), [heads, ...means]), heads, means };
}
