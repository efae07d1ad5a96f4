import { exifOrientation, type Orientation } from "./exif_orientation.ts";
import { damaged, unsupported } from "./image_error.ts";
import type { ImageHeader } from "./image_header.ts";

const FORMAT = "WebP";
const ANIMATION_FLAG = 0x02;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where each kind of chunk keeps the image's size. RFC 9649 and RFC 6386, section 9.1. */
const SIZES: Readonly<Record<string, { bytes: number; read(chunk: Uint8Array): Size }>> = {
  "VP8X": {
    bytes: 10,
    read: (c) => ({
      width: 1 + (c[4] | c[5] << 8 | c[6] << 16),
      height: 1 + (c[7] | c[8] << 8 | c[9] << 16),
    }),
  },
  "VP8 ": {
    bytes: 10,
    read: (c) => ({ width: (c[6] | c[7] << 8) & 0x3fff, height: (c[8] | c[9] << 8) & 0x3fff }),
  },
  "VP8L": {
    bytes: 5,
    read: (c) => ({
      width: 1 + ((c[1] | c[2] << 8) & 0x3fff),
      height: 1 + ((c[2] >> 6 | c[3] << 2 | c[4] << 10) & 0x3fff),
    }),
  },
};

/**
 * What a WebP file says about itself.
 *
 * @throws {ImageError} If the file is cut off, contradicts itself, or is animated.
 */
export function readWebpHeader(file: Uint8Array): ImageHeader {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  // The size counts from byte 8; a chunk of odd length may lack its padding at the very end.
  const end = 8 + view.getUint32(4, true);
  if (end > file.length + 1) throw truncated(file);
  let canvas: Size | undefined;
  let image: Size | undefined;
  let orientation: Orientation = 1;
  for (let at = 12; at + 8 <= Math.min(end, file.length);) {
    const type = String.fromCharCode(...file.subarray(at, at + 4));
    const length = view.getUint32(at + 4, true);
    const chunk = file.subarray(at + 8, at + 8 + length);
    if (chunk.length < length) throw truncated(file);
    const size = SIZES[type];
    if (size) {
      if (length < size.bytes) throw damaged(FORMAT, `its ${type.trim()} chunk is too short`);
      if (type !== "VP8X") image ??= size.read(chunk);
      else if (chunk[0] & ANIMATION_FLAG) {
        throw unsupported(FORMAT, "it is animated; save one frame of it");
      } else canvas ??= size.read(chunk);
    } else if (type === "EXIF") {
      orientation = exifOrientation(chunk);
    }
    at += 8 + length + length % 2;
  }
  if (!image) throw damaged(FORMAT, "it has no pixels");
  const { width, height } = image;
  if (width === 0 || height === 0) throw damaged(FORMAT, `its size is ${width} x ${height}`);
  if (canvas && (canvas.width !== width || canvas.height !== height)) {
    throw damaged(
      FORMAT,
      `its canvas is ${canvas.width} x ${canvas.height}, its image ${width} x ${height}`,
    );
  }
  return { format: "webp", width, height, channels: 4, depth: 8, orientation };
}

function truncated(file: Uint8Array) {
  return damaged(FORMAT, `the file is cut off: it ends after ${file.length} bytes without its end`);
}
