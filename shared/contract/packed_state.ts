/** Arrays of a long run, kept in its checkpoint. */
export type StateArray = Float32Array | Float64Array | Int32Array;

interface Header {
  readonly key: string;
  readonly done: number;
}

const HEADER_SIZE = 4;

/**
 * How far a run is, as bytes: little-endian length of a JSON header, the header, the arrays.
 *
 * @param key Names what is computed from what; a state of another key is never taken up.
 * @param done Steps that are done.
 */
export function packState(key: string, done: number, arrays: readonly StateArray[]): Uint8Array {
  const header = new TextEncoder().encode(JSON.stringify({ key, done } satisfies Header));
  const size = arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const bytes = new Uint8Array(HEADER_SIZE + header.length + size);
  new DataView(bytes.buffer).setUint32(0, header.length, true);
  bytes.set(header, HEADER_SIZE);
  let at = HEADER_SIZE + header.length;
  for (const { buffer, byteOffset, byteLength } of arrays) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return bytes;
}

/**
 * Fills `arrays` with a state that was packed.
 *
 * @returns Steps that are done; 0 if the state is of another key or damaged, and then the arrays
 * are left as they are.
 */
export function unpackState(
  bytes: Uint8Array | undefined,
  key: string,
  arrays: readonly StateArray[],
): number {
  const header = bytes && readHeader(bytes);
  if (!header || header.key !== key) return 0;
  const size = arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
  let at = bytes.length - size;
  if (at !== header.end) return 0;
  for (const { buffer, byteOffset, byteLength } of arrays) {
    new Uint8Array(buffer, byteOffset, byteLength).set(bytes.subarray(at, at + byteLength));
    at += byteLength;
  }
  return header.done;
}

function readHeader(bytes: Uint8Array): Header & { end: number } | undefined {
  if (bytes.length < HEADER_SIZE) return undefined;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const end = HEADER_SIZE + length;
  try {
    const { key, done } = JSON.parse(new TextDecoder().decode(bytes.subarray(HEADER_SIZE, end)));
    return { key, done, end };
  } catch {
    return undefined;
  }
}
