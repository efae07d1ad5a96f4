import { Inflate } from "fflate";

/** Small enough that one piece of the densest data inflates to 16 MB. */
const PIECE_BYTES = 1 << 14;

/** RFC 1950: method, flags, and a check that the two bytes are a multiple of 31. */
const ZLIB_HEADER_BYTES = 2;
const DEFLATE = 8;
const HAS_DICTIONARY = 0x20;

export interface Inflated {
  /** As many bytes as there were, at most as many as asked for. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether there were more. */
  readonly isLonger: boolean;
  /** What is wrong with the data behind `bytes`, if they are fewer than asked for. */
  readonly fault?: string;
}

/**
 * Inflates a zlib stream piece by piece into at most `most` bytes, so that a bomb costs no more
 * than one piece. Bytes behind the stream and its checksum are not looked at.
 */
export function inflate(zlib: Uint8Array, most: number): Inflated {
  const [method, flags] = zlib;
  if (zlib.length < ZLIB_HEADER_BYTES || (method & 15) !== DEFLATE || flags & HAS_DICTIONARY) {
    return { bytes: new Uint8Array(), isLonger: false, fault: "it is no zlib stream" };
  }
  const bytes = new Uint8Array(most);
  let size = 0;
  let isLonger = false;
  const stream = new Inflate((chunk) => {
    const fitting = chunk.subarray(0, most - size);
    bytes.set(fitting, size);
    size += fitting.length;
    isLonger ||= fitting.length < chunk.length;
  });
  let fault: string | undefined;
  try {
    // One byte more shows that there are more, and the last piece is never "the end" to fflate:
    // it would refuse streams that lack theirs.
    for (let at = ZLIB_HEADER_BYTES; at < zlib.length && !isLonger; at += PIECE_BYTES) {
      stream.push(zlib.subarray(at, at + PIECE_BYTES));
    }
  } catch (error) {
    fault = (error as Error).message;
  }
  return { bytes: bytes.subarray(0, size), isLonger, fault };
}
