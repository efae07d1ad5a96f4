/** Bits of a byte string, the first in the top bit; zeros behind its end. */
class BitReader {
  #at = 0;

  constructor(readonly bytes: Uint8Array) {}

  /** The next bits as a number; at most 32. */
  read(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++, this.#at++) {
      value = 2 * value + ((this.bytes[this.#at >> 3] ?? 0) >> (7 - (this.#at & 7)) & 1);
    }
    return value;
  }

  skip(count: number): void {
    this.#at += count;
  }

  /** AV1's uvlc(): as many zeros as bits follow the first one. */
  skipVariable(): void {
    let zeros = 0;
    while (zeros < 32 && this.read(1) === 0) zeros++;
    this.skip(zeros);
  }
}

const SEQUENCE_HEADER = 1;
const HAS_EXTENSION = 0x04, HAS_SIZE = 0x02;

/**
 * The largest frame that AV1 data announce (AV1 Bitstream & Decoding Process, 5.3 to 5.5): a
 * decoder makes room for it, whatever the file around them says.
 *
 * @param data Their beginning.
 * @returns Undefined if they do not begin with a sequence header.
 */
export function av1Size(data: Uint8Array): { width: number; height: number } | undefined {
  for (let at = 0; at < data.length;) {
    const header = data[at++];
    if (header & HAS_EXTENSION) at++;
    let size = data.length - at;
    if (header & HAS_SIZE) {
      size = 0;
      for (let i = 0; i < 4; i++) {
        const byte = data[at++] ?? 0;
        size |= (byte & 0x7f) << 7 * i;
        if (byte < 0x80) break;
      }
    }
    if ((header >> 3 & 15) === SEQUENCE_HEADER) return sequenceSize(data.subarray(at, at + size));
    at += size;
  }
  return undefined;
}

/** Of a sequence header, sequence_header_obu(). */
function sequenceSize(data: Uint8Array): { width: number; height: number } {
  const bits = new BitReader(data);
  bits.skip(4);
  const isReduced = bits.read(1) === 1;
  if (isReduced) bits.skip(5);
  else skipOperatingPoints(bits);
  const [widthBits, heightBits] = [bits.read(4) + 1, bits.read(4) + 1];
  return { width: bits.read(widthBits) + 1, height: bits.read(heightBits) + 1 };
}

function skipOperatingPoints(bits: BitReader): void {
  let delayBits = 0;
  if (bits.read(1)) {
    bits.skip(64);
    if (bits.read(1)) bits.skipVariable();
    if (bits.read(1)) {
      delayBits = bits.read(5) + 1;
      bits.skip(42);
    }
  }
  const hasDisplayDelay = bits.read(1) === 1;
  const points = bits.read(5) + 1;
  for (let i = 0; i < points; i++) {
    bits.skip(12);
    if (bits.read(5) > 7) bits.skip(1);
    if (delayBits > 0 && bits.read(1)) bits.skip(2 * delayBits + 1);
    if (hasDisplayDelay && bits.read(1)) bits.skip(4);
  }
}
