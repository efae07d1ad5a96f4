import type { RandomStream } from "../random_stream.ts";

/** Integers at which readers go wrong: borders of types, of limits, and of arithmetic. */
export const EDGES: readonly number[] = [
  ...[0, 1, 2, 3, 4, 7, 8, 16, 63, 64, 65, 127, 128, 255, 256, 257, 1000, 4096, 65_535, 65_536],
  ...[1e6, 2 ** 24, 2 ** 28, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53, 2 ** 62],
  ...[-1, -2, -128, -(2 ** 31), -(2 ** 53), -(2 ** 63)],
];

type Step = (bytes: Uint8Array, draw: RandomStream, others: Others) => Uint8Array;

/** What is put in from elsewhere. */
interface Others {
  /** Other inputs, to splice with. */
  readonly seeds: readonly Uint8Array[];
  /** Words that the format knows. */
  readonly words: readonly string[];
}

/** `bytes` with those from `at` to `end` replaced. */
function replaced(bytes: Uint8Array, at: number, end: number, by: Uint8Array): Uint8Array {
  const result = new Uint8Array(at + by.length + bytes.length - end);
  result.set(bytes.subarray(0, at));
  result.set(by, at);
  result.set(bytes.subarray(end), at + by.length);
  return result;
}

function piece(bytes: Uint8Array, draw: RandomStream): [at: number, end: number] {
  const at = draw.below(bytes.length + 1);
  return [at, Math.min(bytes.length, at + 1 + draw.below(draw.pick([4, 16, 256])))];
}

function integer(draw: RandomStream): Uint8Array {
  const bytes = new Uint8Array(draw.pick([1, 2, 4, 8]));
  const view = new DataView(bytes.buffer);
  const [value, isLittle] = [BigInt(draw.pick(EDGES)), draw.chance(0.5)];
  const wide = new DataView(new ArrayBuffer(8));
  wide.setBigInt64(0, value, true);
  for (let i = 0; i < bytes.length; i++) {
    view.setUint8(isLittle ? i : bytes.length - 1 - i, wide.getUint8(i));
  }
  return bytes;
}

const STEPS: readonly Step[] = [
  function flipBit(bytes, draw) {
    const at = draw.below(bytes.length);
    return replaced(bytes, at, at + 1, Uint8Array.of(bytes[at] ^ (1 << draw.below(8))));
  },
  function setByte(bytes, draw) {
    const at = draw.below(bytes.length);
    return replaced(bytes, at, at + 1, Uint8Array.of(draw.below(256)));
  },
  function writeInteger(bytes, draw) {
    const [value, at] = [integer(draw), draw.below(bytes.length)];
    return replaced(bytes, at, Math.min(bytes.length, at + value.length), value);
  },
  function drop(bytes, draw) {
    return replaced(bytes, ...piece(bytes, draw), new Uint8Array());
  },
  function repeat(bytes, draw) {
    const [at, end] = piece(bytes, draw);
    return replaced(bytes, at, at, bytes.slice(at, end));
  },
  function move(bytes, draw) {
    const [at, end] = piece(bytes, draw);
    const to = draw.below(bytes.length);
    return replaced(bytes, to, Math.min(bytes.length, to + end - at), bytes.slice(at, end));
  },
  function cut(bytes, draw) {
    return bytes.slice(0, draw.below(bytes.length));
  },
  function insertNoise(bytes, draw) {
    const at = draw.below(bytes.length + 1);
    const noise = Uint8Array.from({ length: 1 + draw.below(16) }, () => draw.below(256));
    return replaced(bytes, at, at, noise);
  },
  function splice(bytes, draw, { seeds }) {
    const other = draw.pick(seeds);
    const [from, end] = piece(other, draw);
    return replaced(bytes, ...piece(bytes, draw), other.slice(from, end));
  },
  function insertWord(bytes, draw, { words }) {
    if (words.length === 0) return bytes;
    return replaced(bytes, ...piece(bytes, draw), new TextEncoder().encode(draw.pick(words)));
  },
];

/** One of the seeds with one to six changes that know nothing of the format. */
export function mutateBytes(
  draw: RandomStream,
  seeds: readonly Uint8Array[],
  words: readonly string[] = [],
): Uint8Array<ArrayBuffer> {
  let bytes = draw.pick(seeds);
  const count = 1 + draw.below(6);
  for (let i = 0; i < count && bytes.length > 0; i++) {
    bytes = draw.pick(STEPS)(bytes, draw, { seeds, words });
  }
  return new Uint8Array(bytes);
}
