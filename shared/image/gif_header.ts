import { damaged } from "./image_error.ts";
import { joinBytes } from "./join_bytes.ts";
import type { ImageHeader } from "./image_header.ts";

const FORMAT = "GIF";
/** Signature and logical screen descriptor (GIF89a, sections 17 and 18). */
const SCREEN_BYTES = 13;
const EXTENSION = 0x21, IMAGE = 0x2c, TRAILER = 0x3b;
const GRAPHIC_CONTROL = 0xf9;
const DESCRIPTOR_BYTES = 10;
const MOST_CODE_SIZE = 8;

export interface GifHeader extends ImageHeader {
  /** A GIF file of the first frame alone. */
  readonly still: Uint8Array<ArrayBuffer>;
}

/** Bytes of the palette that a packed field announces. */
const paletteBytes = (packed: number) => packed & 0x80 ? 3 << (packed & 7) + 1 : 0;

/**
 * Walks the blocks of a GIF file (GIF89a) to its second frame or its end.
 *
 * @throws {ImageError} If it is cut off before the first frame's end, or contradicts itself.
 */
export function readGifHeader(file: Uint8Array): GifHeader {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < SCREEN_BYTES) throw truncated(file);
  const [width, height] = [view.getUint16(6, true), view.getUint16(8, true)];
  if (width === 0 || height === 0) throw damaged(FORMAT, `its size is ${width} x ${height}`);
  const start = SCREEN_BYTES + paletteBytes(file[10]);
  /** What the next frame says of itself: the colour that is transparent. */
  let control = new Uint8Array();
  let frame: Uint8Array<ArrayBuffer> | undefined;
  for (let at = start; at < file.length;) {
    const kind = file[at];
    if (kind === TRAILER) break;
    if (kind === EXTENSION) {
      const end = endOfBlocks(file, at + 2);
      if (end === undefined) break;
      if (file[at + 1] === GRAPHIC_CONTROL) control = file.slice(at, end);
      at = end;
    } else if (kind === IMAGE) {
      if (frame) return headerOf(true);
      if (at + DESCRIPTOR_BYTES > file.length) break;
      const [x, y, w, h] = [1, 3, 5, 7].map((offset) => view.getUint16(at + offset, true));
      if (w === 0 || h === 0 || x + w > width || y + h > height) {
        throw damaged(
          FORMAT,
          `its first frame, ${w} x ${h} at ${x}, ${y}, does not fit into ${width} x ${height}`,
        );
      }
      const data = at + DESCRIPTOR_BYTES + paletteBytes(file[at + 9]);
      const end = endOfBlocks(file, data + 1);
      if (end === undefined) break;
      if (!(file[data] >= 1 && file[data] <= MOST_CODE_SIZE)) {
        throw damaged(FORMAT, `its codes start with ${file[data]} bits, expected 1 to 8`);
      }
      frame = joinBytes([file.subarray(0, start), control, file.subarray(at, end), [TRAILER]]);
      at = end;
    } else {
      break;
    }
  }
  if (!frame) throw truncated(file);
  return headerOf(false);

  function headerOf(isAnimated: boolean): GifHeader {
    return {
      format: "gif",
      width,
      height,
      channels: 4,
      depth: 8,
      orientation: 1,
      still: frame!,
      notes: isAnimated ? ["it is animated; only its first frame is looked at"] : [],
    };
  }
}

/** Behind a chain of blocks, each led by its length, that ends with an empty one. */
function endOfBlocks(file: Uint8Array, from: number): number | undefined {
  let at = from;
  while (at < file.length && file[at] !== 0) at += 1 + file[at];
  return at < file.length ? at + 1 : undefined;
}

function truncated(file: Uint8Array) {
  return damaged(
    FORMAT,
    `the file is cut off: it ends after ${file.length} bytes without a whole frame`,
  );
}
