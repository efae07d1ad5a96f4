import { tensorOf, toFloat32, withOutputs } from "../onnx/mod.ts";
import type { RunOptions } from "../runtime/mod.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Network } from "./network.ts";

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
