/** PNG files chunk by chunk, for kinds that no encoder here writes, and for broken ones. */
import { Buffer } from "node:buffer";
import { crc32, deflateSync } from "node:zlib";

export function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length);
  chunk.write(type, 4, "latin1");
  chunk.set(data, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}

export interface PngParts {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  /** 0 grey, 2 colour, 3 palette, 4 grey and alpha, 6 colour and alpha. */
  readonly color: number;
  readonly interlaced?: boolean;
  /** The rows, each after its filter's number. */
  readonly rows: Uint8Array;
  /** Chunks between the header and the pixels. */
  readonly before?: readonly Uint8Array[];
}

export function pngFile(parts: PngParts): Uint8Array {
  const { width, height, depth, color, interlaced = false, rows, before = [] } = parts;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([depth, color, 0, 0, interlaced ? 1 : 0], 8);
  return Uint8Array.from(Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    pngChunk("IHDR", header),
    ...before,
    pngChunk("IDAT", deflateSync(rows)),
    pngChunk("IEND", new Uint8Array()),
  ]));
}
