/** Bytes of an item that are looked at: more than a sequence header takes. */
const START_BYTES = 256;

/** Items of a grid and its alpha; real files have some hundreds. */
const MOST_ITEMS = 5000;

export interface AvifItem {
  readonly id: number;
  /** Its first bytes, if they lie in the file itself. */
  readonly start: Uint8Array | undefined;
  /** Of all its parts. */
  readonly length: number;
}

/** Numbers of any width, one after the other; zero behind the end. */
class NumberReader {
  at = 0;

  constructor(readonly bytes: Uint8Array) {}

  read(size: number): number {
    let value = 0;
    for (let i = 0; i < size; i++) value = value * 256 + (this.bytes[this.at++] ?? 0);
    return value;
  }
}

/**
 * Where an AVIF file's items begin, from its box "iloc" (ISO/IEC 14496-12, 8.11.3).
 *
 * @param iloc The box's data.
 */
export function avifItems(file: Uint8Array, iloc: Uint8Array): AvifItem[] {
  const reader = new NumberReader(iloc);
  const version = reader.read(4) >>> 24;
  const sizes = reader.read(2);
  const [offsetSize, lengthSize, baseSize] = [sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15];
  const indexSize = version > 0 ? sizes & 15 : 0;
  const count = Math.min(reader.read(version < 2 ? 2 : 4), MOST_ITEMS);
  const items: AvifItem[] = [];
  for (let i = 0; i < count && reader.at < iloc.length; i++) {
    const id = reader.read(version < 2 ? 2 : 4);
    const isInFile = version === 0 || (reader.read(2) & 15) === 0;
    reader.read(2);
    const base = reader.read(baseSize);
    // Parts that take no bytes in the table would cost time without end.
    const takesBytes = indexSize + offsetSize + lengthSize > 0;
    const parts = Math.min(reader.read(2), takesBytes ? Infinity : 1);
    const start: number[] = [];
    let length = 0;
    for (let part = 0; part < parts && reader.at < iloc.length; part++) {
      reader.read(indexSize);
      const from = base + reader.read(offsetSize);
      // No length: up to the end.
      const size = reader.read(lengthSize) || file.length;
      const most = Math.min(size, START_BYTES - start.length);
      start.push(...file.subarray(from, from + most));
      length += size;
    }
    items.push({ id, start: isInFile ? Uint8Array.from(start) : undefined, length });
  }
  return items;
}
