import { type LevelKind, toSrgb } from "./color/to_srgb.ts";
import { decodeAvif } from "./decode_avif.ts";
import { decodeGif, decodeWebp } from "./decode_frames.ts";
import { decodeJpeg } from "./decode_jpeg.ts";
import { decodePng } from "./decode_png.ts";
import type { GifHeader } from "./gif_header.ts";
import { ImageError } from "./image_error.ts";
import { type ImageFormat, type ImageHeader, readImageHeader } from "./image_header.ts";
import { type Image, onlyColor } from "./image.ts";
import type { JpegHeader } from "./jpeg_header.ts";
import { orient } from "./orient.ts";
import type { PngHeader } from "./png_header.ts";
import { type Raster, toBytes } from "./raster.ts";
import type { WebpHeader } from "./webp_header.ts";

export interface DecodeOptions {
  /**
   * Most pixels the image may have, half as many if it has 16 bits a channel and so takes twice
   * the memory; checked before any is decoded.
   *
   * @default 2 ** 25, 33 megapixels
   */
  readonly maxPixels?: number;
}

/** An image, and what a person should know of its file. */
export interface DecodedImage extends Image {
  /**
   * Sentences without a subject and a stop, such as "it is animated; only its first frame is looked
   * at": what was ignored, converted, or looks like a mistake. Empty for most files.
   */
  readonly notes: readonly string[];
}

export const DEFAULT_MAX_PIXELS = 2 ** 25;

/** Longest side in pixels: what a JPEG can have. */
const MOST_EXTENT = 65_535;

const DECODERS: Readonly<
  Record<ImageFormat, (bytes: Uint8Array, header: ImageHeader) => Raster | Promise<Raster>>
> = {
  avif: decodeAvif,
  gif: (bytes, header) => decodeGif(bytes, header as GifHeader),
  jpeg: (bytes, header) => decodeJpeg(bytes, header as JpegHeader),
  png: (bytes, header) => decodePng(bytes, header as PngHeader),
  webp: (bytes, header) => decodeWebp(bytes, header as WebpHeader),
};

/**
 * Decodes a JPEG, PNG, WebP, AVIF or GIF file to upright RGBA in sRGB. The format is told from the
 * bytes; colour profiles and the EXIF orientation are applied, and no other metadata is read or passed on.
 *
 * @throws {ImageError} If it is another format, has more than `maxPixels` pixels, or is damaged.
 */
export async function decodeImage(
  bytes: Uint8Array,
  options: DecodeOptions = {},
): Promise<DecodedImage> {
  const header = checkImage(bytes, options);
  const stored = await DECODERS[header.format](bytes, header);
  const { width, height, ...raster } = toSrgb(stored, header.color, levelsOf(header));
  const data = toBytes({ width, height, ...raster });
  const image = orient({ width, height, data }, header.orientation);
  return { ...image, notes: [...header.notes ?? [], ...raster.notes, ...blankNote(image)] };
}

function levelsOf(header: ImageHeader): LevelKind {
  if ("ink" in header) return "CMYK";
  const isPalette = "palette" in header && header.palette;
  return header.channels < 3 && !isPalette ? "GRAY" : "RGB";
}

/** What has one colour only, as the network sees it: a mistake, or ink of the ground's colour. */
function blankNote(image: Image): string[] {
  const color = onlyColor(image);
  if (!color || image.width * image.height === 1) return [];
  const [text, isWhite] = [`rgb(${color.join(", ")})`, color.every((level) => level === 255)];
  return [
    isWhite
      ? "it is blank: on white, every pixel is white (its ink may be white on transparent)"
      : `it is blank: every pixel is ${text}`,
  ];
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
