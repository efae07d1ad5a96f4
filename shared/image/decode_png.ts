import { decode, type DecodedPng } from "fast-png";
import { damaged } from "./image_error.ts";
import type { Image } from "./image.ts";
import { pngChunks, type PngHeader } from "./png_header.ts";

const FORMAT = "PNG";
/** What the pixels depend on. Everything else is metadata, and is not even looked at. */
const NEEDED_CHUNKS = new Set(["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]);
/** Small enough that one piece of the densest data inflates to 16 MB. */
const PIECE_BYTES = 1 << 14;

/** Offset and step of each pass of Adam7: x, y, step of x, step of y. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/**
 * Decodes the pixels of a PNG file; of an animated one, its still image. 16-bit channels are
 * rounded to 8.
 *
 * @throws {ImageError} If the data are damaged, or inflate to another size than the header's.
 */
export async function decodePng(file: Uint8Array, header: PngHeader): Promise<Image> {
  const chunks = [...pngChunks(file)].filter(({ type }) => NEEDED_CHUNKS.has(type));
  const data = joined(chunks.filter(({ type }) => type === "IDAT").map((chunk) => chunk.data));
  await checkInflatedSize(data, inflatedSize(header));
  const still = joined([file.subarray(0, 8), ...chunks.map(({ bytes }) => bytes)]);
  let png: DecodedPng;
  try {
    png = decode(still, { checkCrc: true });
  } catch (error) {
    throw damaged(FORMAT, messageOf(error), { cause: error });
  }
  return toRgba(png, header);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Bytes of all filtered rows, which the compressed data must inflate to. */
function inflatedSize({ width, height, channels, depth, interlaced }: PngHeader): number {
  const passes = interlaced ? ADAM7 : [[0, 0, 1, 1]] as const;
  return passes.reduce((sum, [x, y, stepX, stepY]) => {
    const columns = Math.ceil((width - x) / stepX);
    const rows = Math.ceil((height - y) / stepY);
    return columns > 0 && rows > 0
      ? sum + rows * (1 + Math.ceil(columns * channels * depth / 8))
      : sum;
  }, 0);
}

/** Inflates piece by piece and keeps nothing, so that a bomb costs no more than one piece. */
async function checkInflatedSize(data: Uint8Array<ArrayBuffer>, expected: number): Promise<void> {
  let at = 0;
  const pieces = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (at >= data.length) return controller.close();
      controller.enqueue(data.slice(at, at += PIECE_BYTES));
    },
  });
  let size = 0;
  try {
    for await (const piece of pieces.pipeThrough(new DecompressionStream("deflate"))) {
      size += piece.length;
      if (size > expected) break;
    }
  } catch (error) {
    throw damaged(FORMAT, `its compressed data are broken after ${size} of ${expected} bytes`, {
      cause: error,
    });
  }
  if (size !== expected) {
    const found = size > expected ? "more" : `${size}`;
    throw damaged(FORMAT, `its data should inflate to ${expected} bytes, and do to ${found}`);
  }
}

/** Bytes 0..255 of RGBA for every pixel, from any colour type and depth. */
function toRgba(png: DecodedPng, { width, height, channels, depth, palette }: PngHeader): Image {
  const samples = depth < 8 ? unpack(png.data, width, height, depth) : png.data;
  const rgba = new Uint8ClampedArray(width * height * 4);
  const colors = png.palette;
  if (palette && !colors) throw damaged(FORMAT, "it has no palette");
  const most = 2 ** depth - 1;
  const key = png.transparency;
  const [g, b, alpha] = channels < 3 ? [0, 0, 1] : [1, 2, 3];
  const hasAlpha = channels === 2 || channels === 4;
  for (let i = 0; i < width * height; i++) {
    const to = 4 * i;
    const from = channels * i;
    if (colors) {
      const color = colors[samples[from]];
      if (!color) throw damaged(FORMAT, `its palette has no colour ${samples[from]}`);
      rgba.set(color, to);
      rgba[to + 3] = color[3] ?? 255;
      continue;
    }
    rgba[to] = samples[from] * 255 / most;
    rgba[to + 1] = samples[from + g] * 255 / most;
    rgba[to + 2] = samples[from + b] * 255 / most;
    const isKey = key !== undefined && samples[from] === key[0] &&
      (channels < 3 || samples[from + 1] === key[1] && samples[from + 2] === key[2]);
    rgba[to + 3] = hasAlpha ? samples[from + alpha] * 255 / most : isKey ? 0 : 255;
  }
  return { width, height, data: rgba };
}

/** One sample a byte, from rows of packed bits. */
function unpack(
  packed: ArrayLike<number>,
  width: number,
  height: number,
  depth: number,
): Uint8Array {
  const rowBytes = Math.ceil(width * depth / 8);
  const samples = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      const byte = packed[y * rowBytes + (bit >> 3)];
      samples[y * width + x] = byte >> (8 - depth - (bit & 7)) & (2 ** depth - 1);
    }
  }
  return samples;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
