import { exifOrientation, type Orientation } from "./orient.ts";
import { damaged, excessive, unsupported } from "./image_error.ts";
import { joinBytes } from "./join_bytes.ts";
import type { ImageHeader } from "./image_header.ts";

/** Scans a decoder would go through, each over all pixels: a limit on time. Real files have 12. */
const MOST_SCANS = 100;

/** Pixels of all scans together: 13 scans of 40 megapixels. */
const MOST_SCANNED = 2 ** 29;

const FORMAT = "JPEG";
const EXIF = "Exif\0\0";
const ICC = "ICC_PROFILE\0";
const ADOBE = "Adobe";
const SOI = 0xd8, EOI = 0xd9, SOS = 0xda, TEM = 0x01;
const APP1 = 0xe1, APP2 = 0xe2, APP14 = 0xee;

/** Each part of a profile: its signature, its number from 1, and how many there are. */
const ICC_PART_HEADER = ICC.length + 2;

/** Frame types (the marker's low nibble) that no decoder here takes. */
const UNSUPPORTED_FRAMES: Readonly<Record<number, string>> = {
  0xc3: "lossless",
  0xc5: "hierarchical",
  0xc6: "hierarchical",
  0xc7: "hierarchical lossless",
  0xc9: "arithmetic-coded",
  0xca: "arithmetic-coded",
  0xcb: "arithmetic-coded lossless",
  0xcd: "arithmetic-coded hierarchical",
  0xce: "arithmetic-coded hierarchical",
  0xcf: "arithmetic-coded hierarchical",
};

export interface JpegHeader extends ImageHeader {
  /** How its four channels are ink, if it has four. */
  readonly ink?: Ink;
  /** Whether it lacks the marker of its end. */
  readonly isCut: boolean;
}

/** How four channels are ink: 0 is none, or, as Adobe's programs write them, all of it. */
export type Ink = "CMYK" | "inverted CMYK";

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly isProgressive: boolean;
}

/**
 * Walks the segments of a JPEG file (ITU-T T.81, annex B) to its end.
 *
 * @throws {ImageError} If the file is cut off, its data are too short for the size it states, or it
 * is of a kind that cannot be decoded: 12 bits, lossless, arithmetic coding.
 */
export function readJpegHeader(bytes: Uint8Array): JpegHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let frame: Frame | undefined;
  let orientation: Orientation = 1;
  let scans = 0;
  let coded = 0;
  let hasAdobe = false;
  let hasEnd = true;
  const profile: Uint8Array[] = [];
  let at = 2;
  for (;;) {
    const next = findMarker(bytes, at);
    if (next === undefined) {
      // A file of one pass may lack nothing but its end; the codec, which knows no ink, tells if
      // it lacks more.
      if (scans === 0 || frame?.isProgressive || frame?.channels === 4) throw truncated(bytes);
      hasEnd = false;
      break;
    }
    at = next;
    const marker = bytes[at + 1];
    at += 2;
    if (marker === EOI) break;
    if (marker === SOI || marker === TEM || isRestart(marker)) continue;
    if (at + 2 > bytes.length) throw truncated(bytes);
    const length = view.getUint16(at);
    if (length < 2) throw damaged(FORMAT, `the segment at byte ${at - 2} has no length`);
    if (at + length > bytes.length) throw truncated(bytes);
    const segment = bytes.subarray(at + 2, at + length);
    at += length;
    if (isFrame(marker)) {
      frame ??= readFrame(marker, segment);
    } else if (marker === APP1 && startsWith(segment, EXIF)) {
      orientation = exifOrientation(segment.subarray(EXIF.length));
    } else if (marker === APP2 && startsWith(segment, ICC)) {
      profile[segment[ICC.length]] = segment.subarray(ICC_PART_HEADER);
    } else if (marker === APP14 && startsWith(segment, ADOBE)) {
      hasAdobe = true;
    } else if (marker === SOS) {
      if (!frame) throw damaged(FORMAT, "it has pixels before their size");
      const most = Math.min(MOST_SCANS, Math.ceil(MOST_SCANNED / (frame.width * frame.height)));
      if (++scans > most) {
        throw excessive(
          FORMAT,
          `${frame.width} x ${frame.height} have more than ${most} scans; save it again`,
        );
      }
      const end = endOfScan(bytes, at);
      coded += end - at;
      at = end;
    }
  }
  if (!frame || scans === 0) throw damaged(FORMAT, "it has no pixels");
  const { width, height } = frame;
  // Every block of 8 x 8 pixels takes at least one bit.
  if (coded * 8 < Math.ceil(width / 8) * Math.ceil(height / 8)) {
    throw damaged(FORMAT, `${coded} bytes cannot hold ${width} x ${height} pixels`);
  }
  return {
    format: "jpeg",
    width,
    height,
    channels: frame.channels,
    depth: 8,
    orientation,
    ...frame.channels === 4 && { ink: hasAdobe ? "inverted CMYK" : "CMYK" },
    color: profile.length > 0
      ? { kind: "icc", profile: joinBytes(profile), isDeflated: false }
      : undefined,
    isCut: !hasEnd,
    notes: hasEnd ? [] : ["the file is cut off behind its pixels"],
  };
}

function readFrame(marker: number, segment: Uint8Array): Frame {
  const kind = UNSUPPORTED_FRAMES[marker];
  if (kind) throw unsupported(FORMAT, `it is ${kind}; save it as baseline or progressive`);
  if (segment.length < 6) throw damaged(FORMAT, "the segment with its size is cut off");
  const [depth, h1, h0, w1, w0, channels] = segment;
  const [width, height] = [w1 << 8 | w0, h1 << 8 | h0];
  if (depth !== 8) throw unsupported(FORMAT, `it has ${depth} bits a channel; save it with 8`);
  if (channels !== 1 && channels !== 3 && channels !== 4) {
    throw unsupported(FORMAT, `it has ${channels} channels, expected 1, 3 or 4`);
  }
  if (width === 0 || height === 0) throw damaged(FORMAT, `its size is ${width} x ${height}`);
  return { width, height, channels, isProgressive: marker === 0xc2 };
}

const isRestart = (marker: number) => marker >= 0xd0 && marker <= 0xd7;
const isFrame = (marker: number) =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/**
 * The offset of the next marker's 0xff; it may be preceded by fill bytes, and by rubbish. Undefined
 * if there is none.
 */
function findMarker(bytes: Uint8Array, from: number): number | undefined {
  let at = bytes.indexOf(0xff, from);
  while (at !== -1 && (bytes[at + 1] === 0xff || bytes[at + 1] === 0)) {
    at = bytes.indexOf(0xff, at + 1);
  }
  return at === -1 || at + 1 >= bytes.length ? undefined : at;
}

/**
 * Entropy-coded data end at the first marker that is neither a stuffed zero nor a restart, or with
 * the file.
 */
function endOfScan(bytes: Uint8Array, from: number): number {
  let at = findMarker(bytes, from);
  while (at !== undefined && isRestart(bytes[at + 1])) at = findMarker(bytes, at + 2);
  return at ?? bytes.length;
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return bytes.length >= text.length &&
    [...text].every((c, i) => c.charCodeAt(0) === bytes[i]);
}

function truncated(bytes: Uint8Array) {
  return damaged(
    FORMAT,
    `the file is cut off: it ends after ${bytes.length} bytes without its end`,
  );
}
