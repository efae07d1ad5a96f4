import type { ElementArrays, ElementType, Tensor } from "../tensor/tensor.ts";
import type { Ort } from "./ort.ts";
import { RuntimeError } from "./runtime_error.ts";

/** What a network declares about one of its inputs or outputs. */
export interface TensorInfo {
  readonly name: string;
  readonly type: ElementType;
  /** A symbol ("N") stands for an extent that is free. */
  readonly dims: readonly (number | string)[];
}

/** Element types that ONNX Runtime Web can take and give. */
const TYPES: readonly string[] = [
  "float32",
  "float64",
  "float16",
  "int8",
  "int16",
  "int32",
  "int64",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
  "bool",
] satisfies ElementType[];

/**
 * What ONNX Runtime says of an extent that the file leaves open without a name: -1, unsigned, and in
 * the native build nothing.
 */
const NAMELESS: readonly (number | string)[] = [2 ** 32 - 1, ""];

const isElementType = (type: string): type is ElementType => TYPES.includes(type);

/** ONNX Runtime's description of inputs or outputs; those that are not tensors are left out. */
export function tensorInfos(
  metadata: readonly Ort.InferenceSession.ValueMetadata[],
): readonly TensorInfo[] {
  return metadata.flatMap((value) =>
    value.isTensor && isElementType(value.type)
      ? [{
        name: value.name,
        type: value.type,
        dims: value.shape.map((extent) => NAMELESS.includes(extent) ? "?" : extent),
      }]
      : []
  );
}

/** Why `tensor` cannot be fed to `info`, or undefined. */
function fault(tensor: Tensor, info: TensorInfo): string | undefined {
  const { name, type, dims } = info;
  if (tensor.type !== type) return `input "${name}" is ${tensor.type}, expected ${type}`;
  const fits = tensor.dims.length === dims.length &&
    dims.every((extent, axis) => typeof extent !== "number" || extent === tensor.dims[axis]);
  return fits ? undefined : `input "${name}" has shape [${tensor.dims}], expected [${dims}]`;
}

/**
 * @throws {RuntimeError} If an input is missing or unknown, or its type or shape does not fit what
 * the network declares.
 */
export function checkFeeds(
  feeds: Readonly<Record<string, Tensor>>,
  inputs: readonly TensorInfo[],
): void {
  const missing = inputs.find(({ name }) => !(name in feeds));
  const unknown = Object.keys(feeds).find((name) => !inputs.some((input) => input.name === name));
  const wrong = missing
    ? `input "${missing.name}" [${missing.dims}] is missing`
    : unknown !== undefined
    ? `there is no input "${unknown}"; its inputs are ${inputs.map(({ name }) => `"${name}"`)}`
    : inputs.map((info) => fault(feeds[info.name], info)).find((text) => text !== undefined);
  if (wrong !== undefined) throw new RuntimeError(`Cannot run the network: ${wrong}`);
}

export function toOrt(ort: typeof Ort, { type, data, dims }: Tensor): Ort.Tensor {
  return new ort.Tensor(type as Ort.Tensor.Type, data as Ort.Tensor.DataType, dims);
}

/** @throws {RuntimeError} If the elements are of a type no typed array holds. */
export function fromOrt(name: string, tensor: Ort.Tensor): Tensor {
  const { type } = tensor;
  if (!isElementType(type)) {
    throw new RuntimeError(
      `Cannot read the output "${name}": elements of ${type} are not supported`,
    );
  }
  return { type, dims: [...tensor.dims], data: bits(type, tensor.data) };
}

/** Half precision as bit patterns, also where the engine has a Float16Array. */
function bits<T extends ElementType>(type: T, data: Ort.Tensor.DataType): ElementArrays[T] {
  const isHalf = type === "float16" && ArrayBuffer.isView(data) && !(data instanceof Uint16Array);
  const array = isHalf ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2) : data;
  return array as ElementArrays[T];
}
