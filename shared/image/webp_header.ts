import { exifOrientation, type Orientation } from "./orient.ts";
import type { FileColor } from "./file_color.ts";
import { damaged } from "./image_error.ts";
import type { ImageHeader } from "./image_header.ts";

const FORMAT = "WebP";
const ANIMATION_FLAG = 0x02;

/** Of ANMF: where the frame lies, its size, how long it is shown, flags. */
const FRAME_BYTES = 16;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The first frame of an animated file. */
export interface WebpFrame extends Size {
  /** Of its top left corner on the canvas. */
  readonly x: number;
  readonly y: number;
  /** The chunks of its image. */
  readonly chunks: Uint8Array;
}

export interface WebpHeader extends ImageHeader {
  /** Undefined: the file is a still image. */
  readonly frame?: WebpFrame;
}

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
}

const uint24 = (c: Uint8Array, at: number) => c[at] | c[at + 1] << 8 | c[at + 2] << 16;

/** Where each kind of chunk keeps the image's size. RFC 9649 and RFC 6386, section 9.1. */
const SIZES: Readonly<Record<string, { bytes: number; read(chunk: Uint8Array): Size }>> = {
  "VP8X": {
    bytes: 10,
    read: (c) => ({ width: 1 + uint24(c, 4), height: 1 + uint24(c, 7) }),
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
 * What a WebP file says about itself; of an animated one, its first frame.
 *
 * @throws {ImageError} If the file is cut off, or contradicts itself.
 */
export function readWebpHeader(file: Uint8Array): WebpHeader {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  // The size counts from byte 8; a chunk of odd length may lack its padding at the very end.
  const end = 8 + view.getUint32(4, true);
  if (end > file.length + 1) throw truncated(file);
  let canvas: Size | undefined;
  let image: Size | undefined;
  let isAnimated = false;
  let frame: WebpFrame | undefined;
  let orientation: Orientation = 1;
  let color: FileColor | undefined;
  for (const { type, data } of webpChunks(file, 12, Math.min(end, file.length))) {
    if (type === "VP8X" && !canvas) {
      canvas = sizeOf(type, data);
      isAnimated = (data[0] & ANIMATION_FLAG) !== 0;
    } else if (type === "ANMF") {
      frame ??= readFrame(data);
    } else if (type in SIZES) {
      image ??= sizeOf(type, data);
    } else if (type === "EXIF") {
      orientation = exifOrientation(data);
    } else if (type === "ICCP") {
      color = { kind: "icc", profile: data, isDeflated: false };
    }
  }
  const found = { format: "webp", channels: 4, depth: 8, orientation, color } as const;
  if (isAnimated && canvas && frame) {
    if (frame.x + frame.width > canvas.width || frame.y + frame.height > canvas.height) {
      throw damaged(FORMAT, "its first frame does not fit into it");
    }
    const notes = ["it is animated; only its first frame is looked at"];
    return { ...found, ...canvas, frame, notes };
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
  return { ...found, width, height };
}

function* webpChunks(file: Uint8Array, from: number, end: number): Generator<Chunk> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = from; at + 8 <= end;) {
    const type = String.fromCharCode(...file.subarray(at, at + 4));
    const length = view.getUint32(at + 4, true);
    const data = file.subarray(at + 8, at + 8 + length);
    if (data.length < length) throw truncated(file);
    yield { type, data };
    at += 8 + length + length % 2;
  }
}

function sizeOf(type: string, data: Uint8Array): Size {
  if (data.length < SIZES[type].bytes) {
    throw damaged(FORMAT, `its ${type.trim()} chunk is too short`);
  }
  return SIZES[type].read(data);
}

function readFrame(data: Uint8Array): WebpFrame {
  if (data.length < FRAME_BYTES) throw damaged(FORMAT, "its ANMF chunk is too short");
  const [x, y] = [2 * uint24(data, 0), 2 * uint24(data, 3)];
  const [width, height] = [1 + uint24(data, 6), 1 + uint24(data, 9)];
  const chunks = data.subarray(FRAME_BYTES);
  for (const { type, data: image } of webpChunks(chunks, 0, chunks.length)) {
    if (type !== "VP8 " && type !== "VP8L") continue;
    const size = sizeOf(type, image);
    if (size.width === width && size.height === height) return { x, y, width, height, chunks };
    throw damaged(
      FORMAT,
      `its first frame is ${width} x ${height}, its image ${size.width} x ${size.height}`,
    );
  }
  throw damaged(FORMAT, "its first frame has no pixels");
}

function truncated(file: Uint8Array) {
  return damaged(FORMAT, `the file is cut off: it ends after ${file.length} bytes without its end`);
}
