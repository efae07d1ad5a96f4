import { defaultOptions } from "@jsquash/webp/meta.js";
import { encodeWithCodec } from "./encode_with_codec.ts";
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
  const settings = { ...defaultOptions, quality, lossless: lossless ? 1 : 0, exact: 1 };
  return await encodeWithCodec("webpEncoder", image, settings, { format: "WebP", mostSide: 16383 });
}
