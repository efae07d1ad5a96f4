import { OnnxParseError } from "../errors.ts";

/** How a field's payload is delimited on the wire. */
export const WireType = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** Reads protobuf's wire format from a window of a file; offsets are those of the file. */
export class WireReader {
  #offset: number;
  readonly #view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    start = 0,
    readonly end = bytes.length,
  ) {
    this.#offset = start;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get offset(): number {
    return this.#offset;
  }

  get done(): boolean {
    return this.#offset >= this.end;
  }

  fail(reason: string, offset = this.#offset): never {
    throw new OnnxParseError(reason, offset);
  }

  /** A varint below 2^32: tags, lengths, enums. Higher bits of a longer varint are an error. */
  uint32(): number {
    const start = this.#offset;
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#byte(start);
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        return value < 2 ** 32 ? value : this.fail("a number is over 32 bits", start);
      }
    }
    return this.fail("a number is over 32 bits", start);
  }

  /** A 64-bit varint in two's complement. */
  int64(): bigint {
    const start = this.#offset;
    let low = 0;
    let factor = 1;
    // Six groups of seven bits fit a double exactly, which covers nearly every number in a file.
    for (let group = 0; group < 6; group++) {
      const byte = this.#byte(start);
      low += (byte & 0x7f) * factor;
      if (byte < 0x80) return BigInt(low);
      factor *= 128;
    }
    let value = BigInt(low);
    for (let shift = 42n; shift < 70n; shift += 7n) {
      const byte = this.#byte(start);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    return this.fail("a number is longer than ten bytes", start);
  }

  float32(): number {
    return this.#view.getFloat32(this.#advance(4), true);
  }

  float64(): number {
    return this.#view.getFloat64(this.#advance(8), true);
  }

  /** The window of a length-delimited payload, which is stepped over. */
  delimited(): { start: number; end: number } {
    const at = this.#offset;
    const length = this.uint32();
    const left = this.end - this.#offset;
    if (length > left) {
      this.fail(`a field says it is ${length} bytes long, but ${left} are left`, at);
    }
    const start = this.#advance(length);
    return { start, end: start + length };
  }

  /** Steps over the payload of a field nobody asked for. */
  skip(wireType: number, at: number): void {
    if (wireType === WireType.varint) this.int64();
    else if (wireType === WireType.fixed64) this.#advance(8);
    else if (wireType === WireType.bytes) this.delimited();
    else if (wireType === WireType.fixed32) this.#advance(4);
    else this.fail(`wire type ${wireType} is not used by ONNX; the file is damaged`, at);
  }

  #byte(start: number): number {
    if (this.#offset >= this.end) this.fail("the file ends inside a number", start);
    return this.bytes[this.#offset++];
  }

  #advance(length: number): number {
    const start = this.#offset;
    if (length > this.end - start) {
      this.fail(`${length} bytes are expected, but ${this.end - start} are left`);
    }
    this.#offset += length;
    return start;
  }
}
