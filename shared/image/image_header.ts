import type { Orientation } from "./exif_orientation.ts";
import type { FileColor } from "./file_color.ts";
import { damaged, ImageError } from "./image_error.ts";
import { readJpegHeader } from "./jpeg_header.ts";
import { readPngHeader } from "./png_header.ts";
import { readWebpHeader } from "./webp_header.ts";

export type ImageFormat = "jpeg" | "png" | "webp";

/** What a file says about its image, before any pixel is decoded. */
export interface ImageHeader {
  readonly format: ImageFormat;
  /** As stored; an upright image swaps width and height for orientations 5 to 8. */
  readonly width: number;
  readonly height: number;
  /** As stored: 1 grey or palette, 2 grey and alpha, 3 colour, 4 colour and alpha. */
  readonly channels: number;
  /** Bits a channel. */
  readonly depth: number;
  readonly orientation: Orientation;
  /** Undefined: sRGB. */
  readonly color?: FileColor;
  /** Sentences on what a person would not expect of the file. @default none */
  readonly notes?: readonly string[];
}

const READERS: Readonly<Record<ImageFormat, (bytes: Uint8Array) => ImageHeader>> = {
  jpeg: readJpegHeader,
  png: readPngHeader,
  webp: readWebpHeader,
};

/** First bytes of formats: those that are read, and those worth naming when they are refused. */
const SIGNATURES: readonly (readonly [name: ImageFormat | string, pattern: RegExp])[] = [
  ["jpeg", /^\xff\xd8\xff/],
  ["png", /^\x89PNG\r\n.\n/s],
  ["webp", /^RIFF....WEBP/s],
  ["GIF", /^GIF8[79]a/],
  ["AVIF", /^....ftypavi[fs]/s],
  ["HEIC", /^....ftyp(?:hei[cxms]|hev[cx]|mif1|msf1)/s],
  ["JPEG XL", /^(?:\xff\n|.{4}JXL )/s],
  ["JPEG 2000", /^(?:\xffO\xffQ|.{4}jP {2})/s],
  ["TIFF", /^(?:II\*\0|MM\0\*)/],
  ["BMP", /^BM.{4}\0{4}/s],
  ["Photoshop", /^8BPS/],
  ["PDF", /^%PDF/],
  ["SVG", /^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<svg/s],
];

const SNIFFED_BYTES = 256;

/**
 * Reads an image's size and kind from its file, whatever the file's name: JPEG, PNG or WebP.
 * InputSpec time linear in the file, and no memory for pixels.
 *
 * @throws {ImageError} If it is another format (`fault: "format"`), or damaged.
 */
export function readImageHeader(bytes: Uint8Array): ImageHeader {
  if (bytes.length === 0) throw damaged("JPEG, PNG or WebP", "the file is empty");
  const start = String.fromCharCode(...bytes.subarray(0, SNIFFED_BYTES));
  const name = SIGNATURES.find(([, pattern]) => pattern.test(start))?.[0];
  if (name !== undefined && name in READERS) return READERS[name as ImageFormat](bytes);
  const found = name === undefined ? "no known image" : `${name}`;
  throw new ImageError(
    "format",
    `Cannot read the image: the file is ${found}; valid are JPEG, PNG and WebP`,
  );
}
