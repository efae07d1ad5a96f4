import { tensorOf, withOutputs } from "../onnx/mod.ts";
import type { RunOptions } from "../runtime/mod.ts";
import { float32, type Tensor } from "../tensor/tensor.ts";
import type { Network } from "./network.ts";

/**
 * A float tensor that does not depend on the picture: from the file, or as the runtime computes it
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
  const build = () => withOutputs(network.file, [name]);
  const results = await network.evaluate(`constant ${name}`, build, {}, [name], options);
  return toFloat32(results[name], name);
}

function toFloat32({ type, dims, data }: Tensor, name: string): Tensor<"float32"> {
  if (type === "float32") return float32(data as Float32Array, dims);
  if (type === "float64") return float32(Float32Array.from(data as Float64Array), dims);
  if (type === "float16") {
    const { buffer, byteOffset, length } = data as Uint16Array<ArrayBuffer>;
    return float32(Float32Array.from(new Float16Array(buffer, byteOffset, length)), dims);
  }
  throw new RangeError(`Cannot read the weights "${name}": they are ${type}, expected floats`);
}
