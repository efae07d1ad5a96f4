import type { Model } from "./decode_model.ts";
import { withGraph } from "./edit.ts";
import type { ValueInfoProto } from "./proto/types.ts";

/**
 * The model for inputs of another shape. What the file says of the shapes behind the input is left
 * out: the runtime infers them, or says which operator does not fit.
 */
export function resizeInput(model: Model, name: string, dims: readonly number[]): Model {
  const { input, output } = model.graph;
  return withGraph(model, {
    input: input.map((info) => info.name === name ? withDims(info, dims) : info),
    output: output.map((info) => withDims(info)),
    valueInfo: [],
  });
}

/** The same declaration with another shape, or with none. */
function withDims(info: ValueInfoProto, dims?: readonly number[]): ValueInfoProto {
  const elemType = info.type?.tensorType?.elemType;
  // An output that was added may say nothing; a type without its element is refused.
  if (elemType === undefined) return { ...info, type: undefined };
  const shape = dims && { dim: dims.map((dimValue) => ({ dimValue })) };
  return { ...info, type: { tensorType: { elemType, shape } } };
}
