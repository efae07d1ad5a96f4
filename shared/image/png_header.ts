import { exifOrientation, type Orientation } from "./orient.ts";
import { damaged, excessive, unsupported } from "./image_error.ts";
import type { ImageHeader } from "./image_header.ts";
import { PngColorReader } from "./png_color.ts";

const FORMAT = "PNG";
const SIGNATURE_LENGTH = 8;

/** Real files of 40 megapixels have some thousands; each costs an object. */
const MOST_CHUNKS = 20_000;

/** A chunk's type, its data, and all of its bytes (with length, type and checksum). */
export interface PngChunk {
  readonly type: string;
  readonly data: Uint8Array;
  readonly bytes: Uint8Array;
}

export interface PngHeader extends ImageHeader {
  readonly palette: boolean;
  readonly interlaced: boolean;
}

/** The colour types of PNG (W3C PNG 3rd edition, 11.2.1) and the depths each may have. */
const COLOR_TYPES: Readonly<Record<number, { channels: number; depths: readonly number[] }>> = {
  0: { channels: 1, depths: [1, 2, 4, 8, 16] },
  2: { channels: 3, depths: [8, 16] },
  3: { channels: 1, depths: [1, 2, 4, 8] },
  4: { channels: 2, depths: [8, 16] },
  6: { channels: 4, depths: [8, 16] },
};
const PALETTE = 3;

/**
 * The chunks of a PNG file up to its end. A file that is cut off behind its pixels ends there.
 *
 * @throws {ImageError} If the file is cut off before, or has absurdly many of them.
 */
export function* pngChunks(file: Uint8Array): Generator<PngChunk> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let count = 0;
  let hasPixels = false;
  for (let at = SIGNATURE_LENGTH;;) {
    if (++count > MOST_CHUNKS) {
      throw excessive(FORMAT, `it has more than ${MOST_CHUNKS} chunks; save it again`);
    }
    const type = String.fromCharCode(...file.subarray(at + 4, at + 8));
    const end = at + 8 <= file.length ? at + 12 + view.getUint32(at) : Infinity;
    if (end > file.length) {
      if (hasPixels && type !== "IDAT") return;
      throw damaged(
        FORMAT,
        `the file is cut off: it ends after ${file.length} bytes without its end`,
      );
    }
    yield { type, data: file.subarray(at + 8, end - 4), bytes: file.subarray(at, end) };
    if (type === "IEND") return;
    hasPixels ||= type === "IDAT";
    at = end;
  }
}

/**
 * What a PNG file says about itself.
 *
 * @throws {ImageError} If the file is cut off or contradicts the format.
 */
export function readPngHeader(file: Uint8Array): PngHeader {
  let orientation: Orientation = 1;
  let header: PngHeader | undefined;
  let isAnimated = false;
  let last = "";
  const color = new PngColorReader();
  for (const { type, data } of pngChunks(file)) {
    last = type;
    if (!header) {
      if (type === "CgBI") {
        throw unsupported(
          FORMAT,
          "it is in Apple's own form for apps (CgBI); convert it with " +
            '"xcrun pngcrush -revert-iphone-optimizations in.png out.png", ' +
            "or open and export it on a Mac",
        );
      }
      if (type !== "IHDR") throw damaged(FORMAT, `it begins with ${printable(type)}, not IHDR`);
      header = readIhdr(data);
    } else if (type === "eXIf") {
      orientation = exifOrientation(data);
    } else if (type === "acTL") {
      isAnimated = true;
    } else {
      color.take(type, data);
    }
  }
  const notes = [
    ...isAnimated ? ["it is animated (APNG); only its still image is looked at"] : [],
    ...last !== "IEND" ? ["the file is cut off behind its pixels"] : [],
  ];
  return { ...header!, orientation, color: color.found, notes };
}

function readIhdr(data: Uint8Array): PngHeader {
  if (data.length !== 13) throw damaged(FORMAT, `its header takes ${data.length} bytes, not 13`);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, color, compression, filter, interlace] = data.subarray(8);
  if (width === 0 || height === 0) throw damaged(FORMAT, `its size is ${width} x ${height}`);
  const type = COLOR_TYPES[color];
  if (!type?.depths.includes(depth)) {
    throw damaged(FORMAT, `there is no colour type ${color} of ${depth} bits`);
  }
  if (compression !== 0 || filter !== 0 || interlace > 1) {
    throw damaged(FORMAT, "its compression, filter or interlace method does not exist");
  }
  const { channels } = type;
  const palette = color === PALETTE;
  const interlaced = interlace === 1;
  return { format: "png", width, height, channels, depth, palette, interlaced, orientation: 1 };
}

const printable = (type: string) => /^[A-Za-z]{4}$/.test(type) ? type : "no chunk";

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ value >>> 1 : value >>> 1;
  return value;
});

/** The CRC-32 that ends a PNG chunk, of its type and data. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = CRC_TABLE[(crc ^ bytes[i]) & 255] ^ crc >>> 8;
  return (crc ^ 0xffffffff) >>> 0;
}

/** Additions that fit before the sums have to be reduced (RFC 1950 and zlib's NMAX). */
const ADLER_RUN = 5552;
const ADLER_BASE = 65521;

/** The Adler-32 that ends a zlib stream, of what it inflates to. */
export function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (let at = 0; at < bytes.length;) {
    const end = Math.min(at + ADLER_RUN, bytes.length);
    for (; at < end; at++) {
      a += bytes[at];
      b += a;
    }
    a %= ADLER_BASE;
    b %= ADLER_BASE;
  }
  return (b << 16 | a) >>> 0;
}
