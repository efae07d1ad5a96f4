import { float32, type Tensor } from "../tensor/tensor.ts";
import { UnusableNetworkError } from "./unusable_network_error.ts";

/**
 * A tensor of floats as float32.
 *
 * @param name For the message.
 * @throws {RangeError} If its elements are no floats.
 */
export function toFloat32({ type, dims, data }: Tensor, name: string): Tensor<"float32"> {
  if (type === "float32") return float32(data as Float32Array, dims);
  if (type === "float64") return float32(Float32Array.from(data as Float64Array), dims);
  if (type === "float16") {
    const { buffer, byteOffset, length } = data as Uint16Array<ArrayBuffer>;
    return float32(Float32Array.from(new Float16Array(buffer, byteOffset, length)), dims);
  }
  throw new UnusableNetworkError(
    `Cannot read the weights "${name}": they are ${type}, expected floats`,
  );
}
