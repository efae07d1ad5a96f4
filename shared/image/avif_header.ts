import type { Orientation } from "./orient.ts";
import type { FileColor } from "./file_color.ts";
import { av1Size } from "./av1_size.ts";
import { type AvifItem, avifItems } from "./avif_items.ts";
import { damaged, excessive, unsupported } from "./image_error.ts";
import type { ImageHeader } from "./image_header.ts";

const FORMAT = "AVIF";
/** Real files have some tens, of a grid of tiles some hundreds. */
const MOST_BOXES = 10_000;

/** Containers in containers: properties are at the third level. */
const MOST_DEPTH = 4;

/** Bytes in a box before the boxes in it. */
const CONTAINERS: Readonly<Record<string, number>> = { meta: 4, iprp: 0, ipco: 0, iinf: 6 };

interface Box {
  readonly type: string;
  readonly data: Uint8Array;
}

/** EXIF's orientation for a quarter turn to the left (irot) and a mirror (imir, if any). */
const ORIENTATIONS: Readonly<Record<string, Orientation>> = {
  "0": 1,
  "1": 8,
  "2": 3,
  "3": 6,
  "0 rows": 4,
  "0 columns": 2,
  "1 rows": 5,
  "1 columns": 7,
  "2 rows": 2,
  "2 columns": 4,
  "3 rows": 7,
  "3 columns": 5,
};

/** What av1C says in its third byte: more than 8 bits, 12 of them, and no colour. */
const IS_DEEP = 0x40, IS_DEEPER = 0x20, IS_GREY = 0x10;

/**
 * What an AVIF file says about itself (ISO/IEC 23008-12 and AV1 Image File Format): the largest
 * image in it counts.
 *
 * @throws {ImageError} If it is cut off, has no image, or absurdly many boxes.
 */
export function readAvifHeader(file: Uint8Array): ImageHeader {
  let [width, height, depth, channels] = [0, 0, 8, 1];
  let [turn, mirror] = ["0", ""];
  let color: FileColor | undefined;
  let isSequence = false;
  let items: AvifItem[] = [];
  const coded = new Set<number>();
  let count = 0;
  for (const { type, data } of boxes(file)) {
    if (++count > MOST_BOXES) throw excessive(FORMAT, `it has more than ${MOST_BOXES} boxes`);
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    if (type === "ftyp") {
      isSequence = String.fromCharCode(...data.subarray(0, 4)) === "avis";
    } else if (type === "ispe" && data.length >= 12) {
      const [w, h] = [view.getUint32(4), view.getUint32(8)];
      if (w * h > width * height) [width, height] = [w, h];
    } else if (type === "av1C" && data.length >= 3) {
      if (data[2] & IS_DEEP) depth = data[2] & IS_DEEPER ? 12 : 10;
      // What is transparent is grey too; colour is said of one image only.
      if (!(data[2] & IS_GREY)) channels = 4;
    } else if (type === "iloc") {
      items = avifItems(file, data);
    } else if (type === "infe" && typeOfItem(data) === "av01") {
      coded.add(idOfItem(data));
    } else if (type === "irot" && data.length >= 1) {
      turn = `${data[0] & 3}`;
    } else if (type === "imir" && data.length >= 1) {
      mirror = data[0] & 1 ? " columns" : " rows";
    } else if (type === "colr") {
      // A profile says more than code points.
      if (color?.kind !== "icc") color = readColor(data, view) ?? color;
    }
  }
  if (width === 0 || height === 0) {
    if (isSequence) throw unsupported(FORMAT, "it is a film without a still image; save a frame");
    throw damaged(FORMAT, "it has no image");
  }
  checkCodedSize(items.filter(({ id }) => coded.has(id)), width * height);
  return {
    format: "avif",
    width,
    height,
    channels,
    depth,
    orientation: ORIENTATIONS[turn + mirror],
    color,
    notes: isSequence ? ["it is animated; only its first frame is looked at"] : [],
  };
}

/** Of "infe" (ISO/IEC 14496-12, 8.11.6), whose versions 2 and 3 have numbers of 2 and 4 bytes. */
const idOfItem = (data: Uint8Array) =>
  data[0] === 2
    ? data[4] << 8 | data[5]
    : (data[4] << 24 | data[5] << 16 | data[6] << 8 | data[7]) >>> 0;
const typeOfItem = (data: Uint8Array) => {
  const at = data[0] === 2 ? 8 : 10;
  return String.fromCharCode(...data.subarray(at, at + 4));
};

/** Pixels that are coded for each of an image: it and its alpha, in tiles that overhang. */
const MOST_CODED = 4;
/** Of a small image in one large tile. */
const FREE_CODED = 2 ** 20;

/** A file of a kilobyte may announce frames that take a gigabyte. */
function checkCodedSize(items: readonly AvifItem[], pixels: number): void {
  let sum = 0;
  for (const { start } of items) {
    const size = start && av1Size(start);
    if (!size) throw damaged(FORMAT, "its pixels do not begin with their size");
    sum += size.width * size.height;
    if (sum > MOST_CODED * pixels + FREE_CODED) {
      throw damaged(FORMAT, `it states ${pixels} pixels, and codes at least ${sum}`);
    }
  }
}

function readColor(data: Uint8Array, view: DataView): FileColor | undefined {
  const kind = String.fromCharCode(...data.subarray(0, 4));
  if (kind === "prof" || kind === "rICC") {
    return { kind: "icc", profile: data.subarray(4), isDeflated: false };
  }
  if (kind !== "nclx" || data.length < 8) return undefined;
  return { kind: "code-points", primaries: view.getUint16(4), transfer: view.getUint16(6) };
}

/** The boxes of a file, those in containers of properties included. */
function* boxes(bytes: Uint8Array, depth = 0): Generator<Box> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 8 <= bytes.length;) {
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const short = view.getUint32(at);
    // 0: up to the end; 1: a longer size follows.
    const isLong = short === 1 && at + 16 <= bytes.length;
    const size = short === 0
      ? bytes.length - at
      : isLong
      ? Number(view.getBigUint64(at + 8))
      : short;
    const start = at + (isLong ? 16 : 8);
    if (at + size < start || at + size > bytes.length) {
      throw damaged(FORMAT, `the file is cut off, or broken at its box "${printable(type)}"`);
    }
    const data = bytes.subarray(start, at + size);
    yield { type, data };
    if (Object.hasOwn(CONTAINERS, type) && depth < MOST_DEPTH) {
      yield* boxes(data.subarray(CONTAINERS[type]), depth + 1);
    }
    at += size;
  }
}

const printable = (type: string) => type.replace(/[^ -~]/g, "?");
