import { decodeNpy } from "../../shared/tensor/npy.ts";
import { float32, type Tensor } from "../../shared/tensor/tensor.ts";

/** @throws {Error} If there is no such file or it can't be read; the message says which. */
export async function readFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound
      ? "there is no such file"
      : error instanceof Error && "code" in error && error.code === "EISDIR"
      ? "it is a folder"
      : (error as Error).message;
    throw new Error(`Cannot read ${path}: ${reason}`, { cause: error });
  }
}

/**
 * Reads an .npy file of finite floats, as float32.
 *
 * @throws {Error} If there is no such file, or it holds something else; the message says which.
 */
export async function readTensor(path: string): Promise<Tensor<"float32">> {
  const { type, dims, data } = arrayOf(path, await readFile(path));
  if (type !== "float32" && type !== "float64") {
    throw new RangeError(`Cannot use ${path}: its elements are ${type}, expected float32`);
  }
  const values = Float32Array.from(data as Float32Array | Float64Array);
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    throw new RangeError(
      `Cannot use ${path}: element ${wrong} is ${data[wrong]}, expected finite float32 numbers`,
    );
  }
  return float32(values, dims);
}

/**
 * Reads an .npy file of numbers, as they are.
 *
 * @throws {Error} If there is no such file, or it holds something else.
 */
export async function readArray(path: string): Promise<Tensor> {
  return arrayOf(path, await readFile(path));
}

function arrayOf(path: string, bytes: Uint8Array<ArrayBuffer>): Tensor {
  try {
    return decodeNpy(bytes);
  } catch (error) {
    const reason = (error as Error).message.replace(/^Cannot read \.npy: /, "");
    throw new SyntaxError(`Cannot read ${path}: ${reason}`, { cause: error });
  }
}
