/** Entries of the table of strings, at most. */
const MOST_ENTRIES = 4096;

/**
 * Whether each string of a GIF's LZW data begins with a single colour, as the format has it: a
 * decoder that takes another code first builds strings that contain themselves, and never ends.
 *
 * @param data The frame's blocks, joined.
 * @param minCodeSize Bits of a colour.
 * @see GIF89a, appendix F
 */
export function beginsWithColors(data: Uint8Array, minCodeSize: number): boolean {
  const clear = 1 << minCodeSize;
  let [size, available, isFirst] = [minCodeSize + 1, clear + 2, true];
  for (let at = 0; at + size <= 8 * data.length;) {
    const code = bitsAt(data, at, size);
    at += size;
    if (code > available || code === clear + 1) return true;
    if (code === clear) {
      [size, available, isFirst] = [minCodeSize + 1, clear + 2, true];
    } else if (isFirst) {
      if (code > clear) return false;
      isFirst = false;
    } else if (available < MOST_ENTRIES) {
      available++;
      if (available === 1 << size && available < MOST_ENTRIES) size++;
    }
  }
  return true;
}

/** At most 12 bits, the least significant first. */
function bitsAt(data: Uint8Array, at: number, size: number): number {
  const byte = at >> 3;
  const three = data[byte] | data[byte + 1] << 8 | data[byte + 2] << 16;
  return three >> (at & 7) & (1 << size) - 1;
}
