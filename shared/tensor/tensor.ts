/** The typed array that holds the elements of each element type. */
export interface ElementArrays {
  float32: Float32Array;
  float64: Float64Array;
  /** IEEE half precision, as bit patterns. */
  float16: Uint16Array;
  /** Brain floating point, as bit patterns. */
  bfloat16: Uint16Array;
  int8: Int8Array;
  int16: Int16Array;
  int32: Int32Array;
  int64: BigInt64Array;
  uint8: Uint8Array;
  uint16: Uint16Array;
  uint32: Uint32Array;
  uint64: BigUint64Array;
  /** One byte an element, 0 or 1. */
  bool: Uint8Array;
}

/** Name of an element type, spelled as ONNX Runtime spells it. */
export type ElementType = keyof ElementArrays;

/**
 * A dense array in C order. Shared by every layer of the library; it knows neither ONNX files nor
 * a runtime.
 */
export interface Tensor<T extends ElementType = ElementType> {
  readonly type: T;
  /** Extent of each axis; `[]` is a scalar. Images are NCHW. */
  readonly dims: readonly number[];
  readonly data: ElementArrays[T];
}

/** Number of elements of a tensor of extents `dims`. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, extent) => product * extent, 1);
}

/**
 * A float32 tensor over `data`, which is not copied.
 *
 * @throws {RangeError} If `data` does not have as many elements as `dims` says.
 */
export function float32(data: Float32Array, dims: readonly number[]): Tensor<"float32"> {
  if (data.length !== elementCount(dims)) {
    throw new RangeError(
      `Cannot shape ${data.length} elements as [${dims}]: that holds ${elementCount(dims)}`,
    );
  }
  return { type: "float32", dims, data };
}

/** Rows of numbers. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** Row by row. */
  readonly data: Float64Array;
}

export const rowOf = ({ data, columns }: Matrix, row: number): Float64Array =>
  data.subarray(row * columns, (row + 1) * columns);

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}
