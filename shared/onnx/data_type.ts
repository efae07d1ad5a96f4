import type { ElementType } from "../tensor/tensor.ts";

/** ONNX's element type numbers (TensorProto.DataType). */
export const DataType = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
  complex64: 14,
  complex128: 15,
  bfloat16: 16,
  float8e4m3fn: 17,
  float8e4m3fnuz: 18,
  float8e5m2: 19,
  float8e5m2fnuz: 20,
  uint4: 21,
  int4: 22,
  float4e2m1: 23,
} as const;

export type DataTypeName = keyof typeof DataType;

const names = new Map<number, DataTypeName>(
  Object.entries(DataType).map(([name, number]) => [number, name as DataTypeName]),
);

/** The name of an element type number, or `type <n>` for one that is not known. */
export function dataTypeName(dataType: number | undefined): DataTypeName | `type ${number}` {
  return names.get(dataType ?? 0) ?? `type ${dataType ?? 0}`;
}

/** Bytes of one element, for the types that a typed array can hold. */
export const ELEMENT_BYTES: Readonly<Record<ElementType, number>> = {
  float32: 4,
  float64: 8,
  float16: 2,
  bfloat16: 2,
  int8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  uint8: 1,
  uint16: 2,
  uint32: 4,
  uint64: 8,
  bool: 1,
};

export function isElementType(name: string): name is ElementType {
  return Object.hasOwn(ELEMENT_BYTES, name);
}
