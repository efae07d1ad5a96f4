import { defaultOptions } from "@jsquash/webp/meta.js";
import { openCodec } from "./codecs.ts";
import type { Image } from "./image.ts";

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

/** The longest side WebP can store. */
const MOST_SIDE = 16383;

/**
 * The picture as a WebP file.
 *
 * @throws {RangeError} If a side is longer than 16383, or `quality` lies outside 0..100.
 */
export async function encodeWebp(
  image: Image,
  options: WebpOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { quality = 85, lossless = false } = options;
  const { width, height, data } = image;
  if (!(quality >= 0 && quality <= 100)) {
    throw new RangeError(`Cannot write WebP: the quality is ${quality}, not within 0 to 100`);
  }
  if (Math.max(width, height) > MOST_SIDE) {
    throw new RangeError(
      `Cannot write WebP: ${width} x ${height} is too large; sides go up to ${MOST_SIDE}`,
    );
  }
  const lines: string[] = [];
  const codec = await openCodec("webpEncoder", (line) => lines.push(line));
  const settings = { ...defaultOptions, quality, lossless: lossless ? 1 : 0, exact: 1 };
  const file = codec.encode(data, width, height, settings);
  if (!file) throw new Error(`Cannot write WebP: ${lines[0] ?? "the encoder gave up"}`);
  return new Uint8Array(file);
}
