import { type Codecs, openCodec } from "./codecs.ts";
import { damaged } from "./image_error.ts";
import type { Image } from "./image.ts";
import type { Raster } from "./raster.ts";

/** What libjpeg says of data that end early or make no sense; it goes on with grey. */
const FATAL_LINES = /premature end|corrupt jpeg data: bad|unsupported marker|bogus/i;

export type DecoderName = "jpegDecoder" | "webpDecoder" | "avifDecoder";

/**
 * Decodes a file with a WebAssembly codec.
 *
 * @param format What the file is called in errors.
 * @throws {ImageError} If the codec gives up, or says that data are missing.
 */
export async function decodeWithCodec<Name extends DecoderName>(
  name: Name,
  format: string,
  decode: (codec: Codecs[Name]) => Image | null,
): Promise<Raster> {
  const lines: string[] = [];
  const codec = await openCodec(name, (line) => lines.push(line));
  let pixels: Image | null;
  try {
    pixels = decode(codec);
  } catch (error) {
    throw damaged(format, lines[0] ?? "the decoder gave up on its data", { cause: error });
  }
  const fatal = lines.find((line) => FATAL_LINES.test(line))
    ?.replace(/^.*premature end.*$/i, "the file is cut off: its data end before the last pixel");
  if (!pixels || fatal) throw damaged(format, fatal ?? lines[0] ?? "its data make no sense");
  const { width, height, data } = pixels;
  return { width, height, data, notes: [] };
}
