import { declaredDims, inferShapes, upgradeModel } from "../onnx/mod.ts";
import type { Network } from "./network.ts";

/** Whether two inputs can be run at once, so far as `tensor`; some graphs have a batch of 1 built in. */
export function canBatch(
  { model, inputName, inputDims }: Pick<Network, "model" | "inputName" | "inputDims">,
  tensor: string,
): boolean {
  const info = model.graph.input.find((value) => value.name === inputName);
  if (typeof declaredDims(info!)?.[0] === "number") return false;
  const inputs = { [inputName]: [2, ...inputDims.slice(1)] };
  try {
    return inferShapes(upgradeModel(model), { inputs }).get(tensor)?.dims[0] === 2;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
