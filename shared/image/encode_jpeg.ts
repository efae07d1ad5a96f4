import { defaultOptions } from "@jsquash/jpeg/meta.js";
import { encodeWithCodec } from "./encode_with_codec.ts";
import { flattenAlpha } from "./flatten_alpha.ts";
import type { Image } from "./image.ts";

/** The tables of the standard's Annex K, as most programs have them. */
const STANDARD_TABLES = 0;

/**
 * The image as a JPEG file, on white where it is transparent.
 *
 * @param quality 0 (smallest) to 100 (best).
 * @throws {RangeError} If a side is longer than 65535, or `quality` lies outside 0..100.
 */
export function encodeJpeg(image: Image, quality = 75): Promise<Uint8Array<ArrayBuffer>> {
  const options = { ...defaultOptions, quality, quant_table: STANDARD_TABLES };
  const limits = { format: "JPEG", mostSide: 65535 };
  return encodeWithCodec("jpegEncoder", flattenAlpha(image), options, limits);
}
