import {
  type ElementArrays,
  elementCount,
  type ElementType,
  float32,
  type Tensor,
} from "../tensor/tensor.ts";
import { DataType, dataTypeName, ELEMENT_BYTES, isElementType } from "./data_type.ts";
import type { TensorProto } from "./proto/types.ts";
import { UnusableNetworkError } from "./errors.ts";

/** The field that holds the elements of each type when `rawData` does not. */
const TYPED_FIELDS = {
  float32: "floatData",
  float64: "doubleData",
  int64: "int64Data",
  uint64: "uint64Data",
  uint32: "uint64Data",
  int32: "int32Data",
  int16: "int32Data",
  int8: "int32Data",
  uint16: "int32Data",
  uint8: "int32Data",
  bool: "int32Data",
  float16: "int32Data",
  bfloat16: "int32Data",
} as const satisfies Record<ElementType, keyof TensorProto>;

const ARRAYS: { readonly [T in ElementType]: new (length: number) => ElementArrays[T] } = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
};

/**
 * The array an initialiser or attribute holds, whichever field it lies in.
 *
 * Elements are copied: raw data has no alignment, and files are little-endian.
 *
 * @throws {RangeError} If the element type has no typed array (strings, complex, 8-bit floats,
 * 4-bit integers), the data lies in another file, or there is more or less of it than `dims` says.
 */
export function tensorOf(proto: TensorProto): Tensor {
  const type = dataTypeName(proto.dataType);
  const where = `Cannot read the tensor "${proto.name ?? ""}"`;
  if (!isElementType(type)) {
    throw new UnusableNetworkError(`${where}: elements of ${type} are not supported`);
  }
  if (proto.dataLocation === 1) {
    throw new UnusableNetworkError(`${where}: its data lies in another file that was not loaded`);
  }
  if (proto.dims.some((extent) => extent < 0)) {
    throw new UnusableNetworkError(`${where}: its shape [${proto.dims}] has a negative extent`);
  }
  const count = elementCount(proto.dims);
  if (proto.rawData !== undefined) {
    const expected = count * ELEMENT_BYTES[type];
    if (proto.rawData.length !== expected) {
      throw new UnusableNetworkError(
        `${where}: [${proto.dims}] of ${type} takes ${expected} bytes, but it has ` +
          `${proto.rawData.length}`,
      );
    }
    return { type, dims: proto.dims, data: fromRaw(type, proto.rawData, count) };
  }
  const held = proto[TYPED_FIELDS[type]];
  if (held.length !== count) {
    throw new UnusableNetworkError(
      `${where}: [${proto.dims}] takes ${count} elements, but it has ${held.length}`,
    );
  }
  const data = new ARRAYS[type](count);
  if (data instanceof BigInt64Array) data.set(held as readonly bigint[]);
  else if (data instanceof BigUint64Array) data.set(held as readonly bigint[]);
  else for (let i = 0; i < count; i++) data[i] = Number(held[i]);
  return { type, dims: proto.dims, data };
}

function fromRaw<T extends ElementType>(type: T, raw: Uint8Array, count: number): ElementArrays[T] {
  const data = new ARRAYS[type](count);
  new Uint8Array(data.buffer).set(raw);
  return data;
}

/** A tensor as an initialiser called `name`, its elements in `rawData`. */
export function protoOf(name: string, tensor: Tensor): TensorProto {
  const { buffer, byteOffset, byteLength } = tensor.data;
  return {
    name,
    dims: [...tensor.dims],
    dataType: DataType[tensor.type],
    rawData: new Uint8Array(buffer, byteOffset, byteLength),
    floatData: [],
    int32Data: [],
    stringData: [],
    int64Data: [],
    doubleData: [],
    uint64Data: [],
    externalData: [],
    metadataProps: [],
  };
}

const LARGEST = 2n ** 63n - 1n;

/**
 * Integers as an int64 tensor of one axis. 2^63 and Infinity become the largest int64, with which
 * exporters say "to the end"; as a JavaScript number it is rounded up to 2^63.
 */
export function int64List(values: readonly number[]): Tensor<"int64"> {
  const data = BigInt64Array.from(values, (value) => value >= 2 ** 63 ? LARGEST : BigInt(value));
  return { type: "int64", dims: [values.length], data };
}

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
