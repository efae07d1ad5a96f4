/**
 * NumPy's .npy files, versions 1.0 to 3.0: one array, in C order.
 *
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 * @module
 */
import { type ElementArrays, elementCount, type ElementType, type Tensor } from "./tensor.ts";

const MAGIC = "\x93NUMPY";
/** What the array's first byte is aligned to. */
const ALIGNMENT = 64;

/** NumPy's code of each element type: kind and bytes an element. NumPy has no bfloat16. */
const CODES: Readonly<Partial<Record<ElementType, string>>> = {
  float32: "f4",
  float64: "f8",
  float16: "f2",
  int8: "i1",
  int16: "i2",
  int32: "i4",
  int64: "i8",
  uint8: "u1",
  uint16: "u2",
  uint32: "u4",
  uint64: "u8",
  bool: "b1",
};

const ARRAYS = {
  f2: Uint16Array,
  f4: Float32Array,
  f8: Float64Array,
  i1: Int8Array,
  i2: Int16Array,
  i4: Int32Array,
  i8: BigInt64Array,
  u1: Uint8Array,
  u2: Uint16Array,
  u4: Uint32Array,
  u8: BigUint64Array,
  b1: Uint8Array,
} as const;

const TYPES = Object.fromEntries(
  Object.entries(CODES).map(([type, code]) => [code, type]),
) as Readonly<Record<string, ElementType>>;

/**
 * The tensor as a version 1.0 .npy file.
 *
 * @throws {TypeError} For bfloat16, which NumPy does not have.
 */
export function encodeNpy(tensor: Tensor): Uint8Array<ArrayBuffer> {
  const code = CODES[tensor.type];
  if (code === undefined) {
    throw new TypeError(
      `Cannot write .npy: NumPy has no ${tensor.type}; convert to float32 first`,
    );
  }
  const { buffer, byteOffset, byteLength } = tensor.data;
  const order = code.endsWith("1") ? "|" : "<";
  const shape = tensor.dims.map((extent) => `${extent},`).join(" ");
  const tuple = tensor.dims.length > 1 ? shape.slice(0, -1) : shape;
  const dictionary = `{'descr': '${order}${code}', 'fortran_order': False, 'shape': (${tuple}), }`;
  const used = MAGIC.length + 4 + dictionary.length + 1;
  const header = dictionary.padEnd(dictionary.length + (ALIGNMENT - used % ALIGNMENT) % ALIGNMENT) +
    "\n";
  const start = MAGIC.length + 4 + header.length;
  const file = new Uint8Array(start + byteLength);
  for (let i = 0; i < MAGIC.length; i++) file[i] = MAGIC.charCodeAt(i);
  file[6] = 1;
  new DataView(file.buffer).setUint16(8, header.length, true);
  file.set(new TextEncoder().encode(header), 10);
  file.set(new Uint8Array(buffer, byteOffset, byteLength), start);
  return file;
}

/**
 * The array of a .npy file; the bytes are copied. Either byte order.
 *
 * @throws {SyntaxError} If the bytes are not a whole .npy file, or hold what a tensor does not:
 * Fortran order, text, records, complex numbers.
 */
export function decodeNpy(bytes: Uint8Array): Tensor {
  const magic = String.fromCharCode(...bytes.subarray(0, MAGIC.length));
  if (magic !== MAGIC) throw fault("the file does not begin with NumPy's mark");
  if (bytes.length < 12) throw fault(`the file ends after ${bytes.length} bytes, in its header`);
  const version = bytes[6];
  if (version < 1 || version > 3) throw fault(`its format version is ${version}, not 1, 2 or 3`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerAt = version === 1 ? 10 : 12;
  const start = headerAt + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (start > bytes.length) throw fault(`the file ends after ${bytes.length} bytes, in its header`);
  const { type, code, swapped, dims } = parseHeader(
    new TextDecoder().decode(bytes.subarray(headerAt, start)),
  );
  const size = elementCount(dims) * ARRAYS[code].BYTES_PER_ELEMENT;
  if (size !== bytes.length - start) {
    throw fault(
      `[${dims}] of ${type} takes ${size} bytes, and the file has ${bytes.length - start}`,
    );
  }
  // Not slice(): Node's Buffer overrides it with one that does not copy.
  const body = new Uint8Array(bytes.subarray(start));
  if (swapped) swapBytes(body, ARRAYS[code].BYTES_PER_ELEMENT);
  const data = new ARRAYS[code](body.buffer) as ElementArrays[ElementType];
  return { type, dims, data };
}

interface Header {
  readonly type: ElementType;
  readonly code: keyof typeof ARRAYS;
  readonly swapped: boolean;
  readonly dims: readonly number[];
}

/** The header is a Python dictionary of exactly three keys; their order is free. */
function parseHeader(text: string): Header {
  const descr = /'descr'\s*:\s*(?:'([^']*)'|(\[))/.exec(text);
  const fortran = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape'\s*:\s*\(([\d\s,L]*)\)/.exec(text)?.[1];
  if (!descr || fortran === undefined || shape === undefined) {
    throw fault(`its header lacks descr, fortran_order or shape: ${text.trim().slice(0, 80)}`);
  }
  const [, order, code] = /^([<>|=])?(.*)$/s.exec(descr[1] ?? "a record")!;
  const type = TYPES[code];
  if (type === undefined) {
    throw fault(`it holds ${descr[1] ?? "records"}; valid are ${Object.keys(TYPES).join(", ")}`);
  }
  const dims = shape.split(",").map((part) => part.trim().replace(/L$/, ""))
    .filter((part) => part !== "").map(Number);
  if (!dims.every(Number.isSafeInteger)) throw fault(`its shape (${shape}) is not one of integers`);
  if (fortran === "True" && dims.filter((extent) => extent > 1).length > 1) {
    throw fault("it is in Fortran order; save numpy.ascontiguousarray(array) instead");
  }
  return { type, code: code as Header["code"], swapped: order === ">", dims };
}

function swapBytes(bytes: Uint8Array, width: number): void {
  for (let i = 0; i < bytes.length; i += width) bytes.subarray(i, i + width).reverse();
}

function fault(what: string): SyntaxError {
  return new SyntaxError(`Cannot read .npy: ${what}`);
}
