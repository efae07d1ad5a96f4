/** Items for another isolate to apply a kernel to. */
export interface Invocation {
  /** Id of the network, and sha256 of its file: a worker with another file must not answer. */
  readonly network: string;
  readonly sha256: string;
  /** SHA-256 of what all items share, as an envelope. */
  readonly shared: string;
  /** The shared value; only where the isolate asked for it. */
  readonly value?: { readonly shared: unknown };
  readonly items: readonly unknown[];
}

/** Where an isolate applies a kernel. */
export const invocationPath = (kernel: string): string => `/api/${kernel}`;

/** The header of an answer that says why nothing was computed, and that it is one of ours. */
export const DECLINED_HEADER = "Convscope-Declined";

/** `busy`: it has enough to do. `unknown`: it has to be sent the shared value first. */
export type Declined = "busy" | "unknown";

/** Status with which an isolate asks for the shared value. */
export const UNKNOWN_STATUS = 428;

/** "CVS1", little endian: what every envelope begins with. */
const MAGIC = 0x31535643;
const HEADER = 8;
const ALIGNMENT = 8;

const ARRAYS = { Float32Array, Float64Array, Int32Array, Uint8Array, Uint8ClampedArray } as const;

/** How a typed array is named in the JSON part. */
interface Reference {
  readonly $array: keyof typeof ARRAYS;
  readonly offset: number;
  readonly length: number;
}

/**
 * A JSON value in which typed arrays may lie anywhere, as bytes: the magic number, the length of
 * the JSON, the JSON, then the arrays as they lie in memory. So numbers arrive to the last bit,
 * NaN included.
 */
export function encodeEnvelope(value: unknown): Uint8Array<ArrayBuffer> {
  const arrays: ArrayBufferView[] = [];
  let size = 0;
  const text = JSON.stringify(value, (_key, item: unknown) => {
    if (!ArrayBuffer.isView(item)) return item;
    const type = item.constructor.name;
    if (!isArrayName(type)) throw new TypeError(`Cannot encode the envelope: it holds a ${type}`);
    const { BYTES_PER_ELEMENT } = ARRAYS[type];
    const reference = { $array: type, offset: size, length: item.byteLength / BYTES_PER_ELEMENT };
    arrays.push(item);
    size += aligned(item.byteLength);
    return reference satisfies Reference;
  });
  const json = new TextEncoder().encode(text);
  const start = aligned(HEADER + json.length);
  const bytes = new Uint8Array(start + size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, json.length, true);
  bytes.set(json, HEADER);
  let at = start;
  for (const { buffer, byteOffset, byteLength } of arrays) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += aligned(byteLength);
  }
  return bytes;
}

/**
 * The value in an envelope.
 *
 * @throws {SyntaxError} If it is not an envelope, or breaks off.
 */
export function decodeEnvelope(bytes: Uint8Array): unknown {
  const broken = (what: string) => new SyntaxError(`Cannot decode the envelope: ${what}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER || view.getUint32(0, true) !== MAGIC) throw broken("it is none");
  const length = view.getUint32(4, true);
  if (HEADER + length > bytes.length) throw broken("its JSON breaks off");
  const start = aligned(HEADER + length);
  const text = new TextDecoder().decode(bytes.subarray(HEADER, HEADER + length));
  return JSON.parse(text, (_key, item: unknown) => {
    if (!isReference(item)) return item;
    const { $array, offset, length } = item;
    const from = start + offset;
    const end = from + length * ARRAYS[$array].BYTES_PER_ELEMENT;
    if (!(offset >= 0 && length >= 0 && end <= bytes.length)) throw broken("an array breaks off");
    return new ARRAYS[$array](new Uint8Array(bytes.subarray(from, end)).buffer);
  });
}

const aligned = (size: number) => Math.ceil(size / ALIGNMENT) * ALIGNMENT;

const isArrayName = (name: unknown): name is keyof typeof ARRAYS =>
  typeof name === "string" && Object.hasOwn(ARRAYS, name);

function isReference(value: unknown): value is Reference {
  if (typeof value !== "object" || value === null || !("$array" in value)) return false;
  const { $array, offset, length } = value as Partial<Reference>;
  return isArrayName($array) && Number.isInteger(offset) && Number.isInteger(length);
}
