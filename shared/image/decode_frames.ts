import { beginsWithColors } from "./gif_codes.ts";
import type { GifHeader } from "./gif_header.ts";
import { damaged } from "./image_error.ts";
import { placeOnCanvas, type Raster } from "./raster.ts";
import { decodeWithCodec } from "./decode_with_codec.ts";
import type { WebpFrame, WebpHeader } from "./webp_header.ts";

/**
 * Decodes the first frame of a GIF file, on a transparent canvas.
 *
 * @throws {ImageError} If the data are damaged.
 */
export async function decodeGif(_file: Uint8Array, header: GifHeader): Promise<Raster> {
  const { decompressFrames, parseGIF } = await import("gifuct-js");
  const parsed = parseGIF(header.still.buffer);
  for (const part of parsed.frames) {
    if (!("image" in part)) continue;
    const { descriptor, data: { blocks, minCodeSize } } = part.image;
    if (!descriptor.lct.exists && !parsed.lsd.gct.exists) throw damaged("GIF", "it has no palette");
    if (!beginsWithColors(Uint8Array.from(blocks), minCodeSize)) {
      throw damaged("GIF", "its first frame begins with a string instead of a colour");
    }
  }
  const [frame] = decompressFrames(parsed, true);
  if (!frame) throw damaged("GIF", "it has no frame");
  const { patch, dims: { left, top, width, height } } = frame;
  const raster: Raster = { width, height, data: patch, notes: [] };
  return placeOnCanvas(raster, { x: left, y: top }, header);
}

const FORMAT = "WebP";
const HAS_ALPHA = 0x10;

/**
 * Decodes the pixels of a WebP file; of an animated one, its first frame on a transparent canvas.
 *
 * @throws {ImageError} If the data are damaged.
 */
export async function decodeWebp(file: Uint8Array, header: WebpHeader): Promise<Raster> {
  const { frame } = header;
  const still = frame ? stillOf(frame) : file;
  const raster = await decodeWithCodec("webpDecoder", FORMAT, (codec) => codec.decode(still));
  return frame ? placeOnCanvas(raster, frame, header) : raster;
}

/** The frame as a file of its own. */
function stillOf({ width, height, chunks }: WebpFrame): Uint8Array {
  const isExtended = String.fromCharCode(...chunks.subarray(0, 4)) === "ALPH";
  const extension = isExtended
    ? chunk("VP8X", [HAS_ALPHA, 0, 0, 0, ...uint24(width - 1), ...uint24(height - 1)])
    : [];
  const body = Uint8Array.of(...latin1("WEBP"), ...extension);
  const file = new Uint8Array(8 + body.length + chunks.length);
  file.set(latin1("RIFF"));
  new DataView(file.buffer).setUint32(4, file.length - 8, true);
  file.set(body, 8);
  file.set(chunks, 8 + body.length);
  return file;
}

const chunk = (type: string, data: readonly number[]) => [
  ...latin1(type),
  ...uint24(data.length),
  0,
  ...data,
];

const uint24 = (value: number) => [value & 255, value >> 8 & 255, value >> 16];
const latin1 = (text: string) => Array.from(text, (c) => c.charCodeAt(0));
