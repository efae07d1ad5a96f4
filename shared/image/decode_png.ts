import { damaged } from "./image_error.ts";
import { joinBytes } from "./join_bytes.ts";
import { inflate } from "./inflate.ts";
import { adler32, crc32, type PngChunk, pngChunks, type PngHeader } from "./png_header.ts";
import { pngPasses, unfilter, unpack } from "./png_rows.ts";
import { type Raster, useFullRange } from "./raster.ts";

const FORMAT = "PNG";
/** What the pixels depend on. Everything else is metadata, and is not even looked at. */
const NEEDED_CHUNKS = new Set(["IHDR", "PLTE", "tRNS", "IDAT"]);

type Levels = Uint8ClampedArray | Uint16Array;

/** Puts the samples of a row of pixels into the RGBA levels from `to` on, `step` apart. */
type Writer = (
  samples: Uint8Array | Uint16Array,
  columns: number,
  levels: Levels,
  to: number,
  step: number,
) => void;

/**
 * Decodes the pixels of a PNG file; of an animated one, its still image. As in browsers, bytes
 * behind the compressed data and a wrong checksum of them are no fault; the latter is told.
 *
 * @throws {ImageError} If the data are damaged, or inflate to another size than the header's.
 */
export function decodePng(file: Uint8Array, header: PngHeader): Raster {
  const { width, height, channels, depth } = header;
  const chunks = [...pngChunks(file)].filter(({ type }) => NEEDED_CHUNKS.has(type));
  checkChunks(chunks);
  const data = joinBytes(chunks.filter(({ type }) => type === "IDAT").map((chunk) => chunk.data));
  const passes = pngPasses(header);
  const rowBytes = (columns: number) => Math.ceil(columns * channels * depth / 8);
  const size = passes.reduce((sum, { columns, rows }) => sum + rows * (1 + rowBytes(columns)), 0);
  const filtered = inflateRows(data, size);
  const notes = isChecked(data, filtered) ? [] : [
    "its pixels do not match their checksum (Adler-32); they are shown as they are",
  ];
  const write = writerFor(header, chunks);
  const levels = new (depth === 16 ? Uint16Array : Uint8ClampedArray)(width * height * 4);
  const bytesPerPixel = Math.max(1, channels * depth / 8);
  let at = 0;
  for (const { x, y, stepX, stepY, columns, rows } of passes) {
    let above: Uint8Array = new Uint8Array(rowBytes(columns));
    for (let row = 0; row < rows; row++) {
      const line = filtered.subarray(at + 1, at + 1 + above.length);
      unfilter(filtered[at], line, above, bytesPerPixel);
      const samples = unpack(line, depth, columns * channels);
      write(samples, columns, levels, 4 * ((y + row * stepY) * width + x), 4 * stepX);
      above = line;
      at += 1 + line.length;
    }
  }
  return useFullRange({ width, height, data: levels, notes });
}

function checkChunks(chunks: readonly PngChunk[]): void {
  for (const { type, bytes } of chunks) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (view.getUint32(bytes.length - 4) !== crc32(bytes.subarray(4, -4))) {
      throw damaged(FORMAT, `the checksum (CRC) of its ${type} chunk is wrong`);
    }
  }
}

function inflateRows(data: Uint8Array, size: number): Uint8Array {
  const { bytes, isLonger, fault } = inflate(data, size);
  if (bytes.length < size) {
    throw damaged(
      FORMAT,
      fault
        ? `its compressed data are broken after ${bytes.length} of ${size} bytes (${fault})`
        : `its data should inflate to ${size} bytes, and do to ${bytes.length}`,
    );
  }
  if (isLonger) throw damaged(FORMAT, `its data should inflate to ${size} bytes, and do to more`);
  return bytes;
}

/** Whether the checksum of the pixels is somewhere behind them, where a decoder would look. */
function isChecked(zlib: Uint8Array, inflated: Uint8Array): boolean {
  const sum = adler32(inflated);
  const text = [sum >>> 24, sum >>> 16 & 255, sum >>> 8 & 255, sum & 255];
  for (let at = zlib.length - 4; at >= 2; at--) {
    at = zlib.lastIndexOf(text[0], at);
    if (at < 2) return false;
    if (text.every((byte, i) => zlib[at + i] === byte)) return true;
  }
  return false;
}

/** How samples of a file's colour type become levels; 16-bit ones keep their 16 bits. */
function writerFor(
  { channels, depth, palette }: PngHeader,
  chunks: readonly PngChunk[],
): Writer {
  const dataOf = (name: string) => chunks.find(({ type }) => type === name)?.data;
  const transparency = dataOf("tRNS");
  if (palette) return paletteWriter(dataOf("PLTE"), transparency);
  const most = depth === 16 ? 65535 : 255;
  const scale = most / (2 ** depth - 1);
  const key = (channels === 1 || channels === 3) && transparency?.length === 2 * channels
    ? Array.from({ length: channels }, (_, c) => transparency[2 * c] << 8 | transparency[2 * c + 1])
    : undefined;
  const [green, blue] = channels < 3 ? [0, 0] : [1, 2];
  const alpha = channels === 2 ? 1 : channels === 4 ? 3 : undefined;
  return (samples, columns, levels, to, step) => {
    for (let from = 0; from < channels * columns; from += channels, to += step) {
      levels[to] = samples[from] * scale;
      levels[to + 1] = samples[from + green] * scale;
      levels[to + 2] = samples[from + blue] * scale;
      levels[to + 3] = alpha !== undefined
        ? samples[from + alpha] * scale
        : key && key.every((value, c) => value === samples[from + c])
        ? 0
        : most;
    }
  };
}

function paletteWriter(
  colors: Uint8Array | undefined,
  transparency: Uint8Array | undefined,
): Writer {
  if (!colors) throw damaged(FORMAT, "it has no palette");
  return (samples, columns, levels, to, step) => {
    for (let column = 0; column < columns; column++, to += step) {
      const index = samples[column];
      if (3 * index + 3 > colors.length) {
        throw damaged(FORMAT, `its palette has no colour ${index}`);
      }
      for (let c = 0; c < 3; c++) levels[to + c] = colors[3 * index + c];
      levels[to + 3] = transparency?.[index] ?? 255;
    }
  };
}
