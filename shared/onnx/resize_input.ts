import type { Model } from "./decode_model.ts";
import { withGraph } from "./edit.ts";
import { declaredType, valueInfo } from "./value_info.ts";

/**
 * The model for inputs of another shape. What the file says of the shapes behind the input is left
 * out: the runtime infers them, or says which operator does not fit.
 */
export function resizeInput(model: Model, name: string, dims: readonly number[]): Model {
  const { input, output } = model.graph;
  return withGraph(model, {
    input: input.map((info) => info.name === name ? valueInfo(name, typeOf(info), dims) : info),
    output: output.map((info) => ({ ...info, ...valueInfo(info.name!, typeOf(info)) })),
    valueInfo: [],
  });
}

function typeOf(info: Parameters<typeof declaredType>[0]) {
  const type = declaredType(info);
  return type.startsWith("type ") ? "float32" : type as "float32";
}
