import { InputError } from "../errors.ts";
import { type EncoderName, type EncoderOptions, type Encoders, openCodec } from "./codecs.ts";
import { flattenAlpha, type Image, isOpaque } from "./image.ts";
import { encode } from "fast-png";
import { defaultOptions as jpegDefaults } from "@jsquash/jpeg/meta.js";
import { defaultOptions as webpDefaults } from "@jsquash/webp/meta.js";

export interface EncoderLimits {
  /** What the file is called in errors. */
  readonly format: string;
  /** The longest side it can store. */
  readonly mostSide: number;
}

/**
 * Writes an image with a codec that takes a quality.
 *
 * @throws {RangeError} If a side is too long, or the quality lies outside 0..100.
 */
export async function encodeWithCodec<Name extends EncoderName>(
  name: Name,
  { width, height, data }: Image,
  options: EncoderOptions<Name>,
  { format, mostSide }: EncoderLimits,
): Promise<Uint8Array<ArrayBuffer>> {
  const { quality } = options;
  if (!(quality >= 0 && quality <= 100)) {
    throw new InputError(`Cannot write ${format}: the quality is ${quality}, not within 0 to 100`);
  }
  if (Math.max(width, height) > mostSide) {
    throw new InputError(
      `Cannot write ${format}: ${width} x ${height} is too large; sides go up to ${mostSide}`,
    );
  }
  const lines: string[] = [];
  const codec: Encoders[Name] = await openCodec(name, (line) => lines.push(line));
  const file = codec.encode(data, width, height, options);
  if (!file) throw new Error(`Cannot write ${format}: ${lines[0] ?? "the encoder gave up"}`);
  return new Uint8Array(file);
}

/**
 * The image as a PNG file, without loss; RGB when it is opaque, else RGBA. The same image gives
 * the same bytes.
 */
export function encodePng(image: Image): Uint8Array<ArrayBuffer> {
  const { width, height } = image;
  const channels = isOpaque(image) ? 3 : 4;
  const data = channels === 4 ? image.data : withoutAlpha(image);
  return new Uint8Array(encode({ width, height, channels, depth: 8, data }));
}

function withoutAlpha({ width, height, data }: Image): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; from < data.length; from += 4) {
    rgb[to++] = data[from];
    rgb[to++] = data[from + 1];
    rgb[to++] = data[from + 2];
  }
  return rgb;
}

/** The tables of the standard's Annex K, as most programs have them. */
const STANDARD_TABLES = 0;

/**
 * The image as a JPEG file, on white where it is transparent.
 *
 * @param quality 0 (smallest) to 100 (best).
 * @throws {RangeError} If a side is longer than 65535, or `quality` lies outside 0..100.
 */
export function encodeJpeg(image: Image, quality = 75): Promise<Uint8Array<ArrayBuffer>> {
  // In one scan: several are 4 % smaller, and take twice as long.
  const options = { ...jpegDefaults, quality, quant_table: STANDARD_TABLES, progressive: false };
  const limits = { format: "JPEG", mostSide: 65535 };
  return encodeWithCodec("jpegEncoder", flattenAlpha(image), options, limits);
}

export interface WebpOptions {
  /**
   * 0 (smallest) to 100 (best).
   *
   * @default 85
   */
  readonly quality?: number;
  /**
   * Keep every pixel exactly; `quality` is then the effort.
   *
   * @default false
   */
  readonly lossless?: boolean;
}

/**
 * The image as a WebP file.
 *
 * @throws {RangeError} If a side is longer than 16383, or `quality` lies outside 0..100.
 */
export async function encodeWebp(
  image: Image,
  options: WebpOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { quality = 85, lossless = false } = options;
  const settings = { ...webpDefaults, quality, lossless: lossless ? 1 : 0, exact: 1 };
  return await encodeWithCodec("webpEncoder", image, settings, { format: "WebP", mostSide: 16383 });
}
