/** JPEG files for tests. */
import { defaultOptions } from "@jsquash/jpeg/meta.js";
import { encodeWithCodec } from "../shared/image/encode_image.ts";
import type { Image } from "../shared/image/image.ts";

export interface JpegOptions {
  /** @default 95 */
  readonly quality?: number;
  readonly progressive?: boolean;
  readonly gray?: boolean;
}

/** The image as a JPEG file of any kind. */
export function jpegFile(image: Image, options: JpegOptions = {}): Promise<Uint8Array> {
  const { quality = 95, progressive = false, gray = false } = options;
  const settings = { ...defaultOptions, quality, progressive, color_space: gray ? 1 : 3 };
  return encodeWithCodec("jpegEncoder", image, settings, { format: "JPEG", mostSide: 65535 });
}

/** An EXIF block that holds an orientation and nothing else. */
export function exifBlock(orientation: number, littleEndian = true): Uint8Array {
  const block = new Uint8Array(26);
  const view = new DataView(block.buffer);
  view.setUint16(0, littleEndian ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, littleEndian);
  view.setUint32(4, 8, littleEndian);
  view.setUint16(8, 1, littleEndian);
  view.setUint16(10, 0x0112, littleEndian);
  view.setUint16(12, 3, littleEndian);
  view.setUint32(14, 1, littleEndian);
  view.setUint16(18, orientation, littleEndian);
  return block;
}

/** The JPEG file with an EXIF block after its first marker. */
export function withExif(jpeg: Uint8Array, exif: Uint8Array): Uint8Array {
  const length = exif.length + 8;
  return Uint8Array.of(
    ...jpeg.subarray(0, 2),
    0xff,
    0xe1,
    length >> 8,
    length & 255,
    ...new TextEncoder().encode("Exif\0\0"),
    ...exif,
    ...jpeg.subarray(2),
  );
}
