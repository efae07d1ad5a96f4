import { InputError } from "../errors.ts";
import { type EncoderName, type EncoderOptions, type Encoders, openCodec } from "./codecs.ts";
import type { Image } from "./image.ts";

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
