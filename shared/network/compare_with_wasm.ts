import { encodeModel, GraphIndex, withOutputs } from "../onnx/mod.ts";
import { checkParity } from "../runtime/mod.ts";
import type { Network } from "./network.ts";

/**
 * Compares every tensor that the file itself has with what WASM makes of the file.
 *
 * @throws {BackendMismatchError} If WebGPU computes something else.
 */
export async function compareWithWasm(network: Network, signal?: AbortSignal): Promise<void> {
  const { file } = network;
  const names = new GraphIndex(file.graph).order
    .flatMap((node) => node.output)
    .filter((name) => network.facts.get(name)?.type === "float32");
  await checkParity(encodeModel(withOutputs(network.model, names)), {
    inputs: { [network.inputName]: network.inputDims },
    outputs: names,
    reference: encodeModel(withOutputs(file, names)),
    signal,
  });
}
