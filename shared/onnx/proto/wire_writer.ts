/** Collects protobuf's wire format; large payloads are held by reference until {@link finish}. */
export class WireWriter {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  raw(bytes: Uint8Array): void {
    this.#chunks.push(bytes);
    this.#length += bytes.length;
  }

  varint(value: number | bigint): void {
    let rest = BigInt.asUintN(64, BigInt(value));
    const bytes: number[] = [];
    while (rest >= 0x80n) {
      bytes.push(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    this.raw(Uint8Array.from(bytes));
  }

  tag(field: number, wireType: number): void {
    this.varint(field * 8 + wireType);
  }

  float32(value: number): void {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    this.raw(bytes);
  }

  float64(value: number): void {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value, true);
    this.raw(bytes);
  }

  /** Appends what `inner` collected, behind its length. */
  delimited(inner: WireWriter): void {
    this.varint(inner.#length);
    // Not a spread: a packed field may hold more chunks than a call takes arguments.
    for (const chunk of inner.#chunks) this.#chunks.push(chunk);
    this.#length += inner.#length;
  }

  finish(): Uint8Array<ArrayBuffer> {
    const result = new Uint8Array(this.#length);
    let offset = 0;
    for (const chunk of this.#chunks) {
      result.set(chunk, offset);
      offset += chunk.length;
    }
    return result;
  }
}
