import { type Codecs, openCodec } from "./codecs.ts";
import { decodePng } from "./decode_png.ts";
import { damaged, ImageError } from "./image_error.ts";
import { type ImageFormat, type ImageHeader, readImageHeader } from "./image_header.ts";
import type { Image } from "./image.ts";
import { orient } from "./orient.ts";
import type { PngHeader } from "./png_header.ts";

export interface DecodeOptions {
  /**
   * Most pixels the image may have, half as many if it has 16 bits a channel and so takes twice
   * the memory; checked before any is decoded.
   *
   * @default 2 ** 25, 33 megapixels
   */
  readonly maxPixels?: number;
}

export const DEFAULT_MAX_PIXELS = 2 ** 25;

/** Longest side in pixels: what a JPEG can have. */
const MOST_EXTENT = 65_535;

const DECODERS: Readonly<
  Record<ImageFormat, (bytes: Uint8Array, header: ImageHeader) => Promise<Image>>
> = {
  jpeg: (bytes) => decodeWithCodec("jpegDecoder", "JPEG", (codec) => codec.decode(bytes, false)),
  png: (bytes, header) => decodePng(bytes, header as PngHeader),
  webp: (bytes) => decodeWithCodec("webpDecoder", "WebP", (codec) => codec.decode(bytes)),
};

/**
 * Decodes a JPEG, PNG or WebP file to upright RGBA. The format is told from the bytes; the EXIF
 * orientation is applied, and no other metadata is read or passed on.
 *
 * @throws {ImageError} If it is another format, has more than `maxPixels` pixels, or is damaged.
 */
export async function decodeImage(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Image> {
  const header = checkImage(bytes, options);
  return orient(await DECODERS[header.format](bytes, header), header.orientation);
}

/**
 * What a file says about its image, whose pixels are not decoded; takes time linear in the file.
 *
 * @throws {ImageError} If {@linkcode decodeImage} would refuse it for its format or size.
 */
export function checkImage(bytes: Uint8Array, options: DecodeOptions = {}): ImageHeader {
  const { maxPixels = DEFAULT_MAX_PIXELS } = options;
  const header = readImageHeader(bytes);
  const { width, height, depth } = header;
  const isDeep = depth > 8;
  const most = isDeep ? Math.floor(maxPixels / 2) : maxPixels;
  if (width * height > most) {
    throw new ImageError(
      "too-large",
      `Cannot read the image: ${width} x ${height} are ${width * height} pixels` +
        `${isDeep ? ` of ${depth} bits` : ""}, at most ${most} are allowed`,
    );
  }
  if (Math.max(width, height) > MOST_EXTENT) {
    throw new ImageError(
      "too-large",
      `Cannot read the image: it is ${width} x ${height}, expected at most ${MOST_EXTENT} a side`,
    );
  }
  return header;
}

/** What libjpeg says of data that end early or make no sense; it goes on with grey. */
const FATAL_LINES = /premature end|corrupt jpeg data: bad|unsupported marker|bogus/i;

async function decodeWithCodec<Name extends "jpegDecoder" | "webpDecoder">(
  name: Name,
  format: string,
  decode: (codec: Codecs[Name]) => Image | null,
): Promise<Image> {
  const lines: string[] = [];
  const codec = await openCodec(name, (line) => lines.push(line));
  let pixels: Image | null;
  try {
    pixels = decode(codec);
  } catch (error) {
    throw damaged(format, lines[0] ?? "the decoder gave up on its data", { cause: error });
  }
  const fatal = lines.find((line) => FATAL_LINES.test(line));
  if (!pixels || fatal) throw damaged(format, fatal ?? lines[0] ?? "its data make no sense");
  return pixels;
}
