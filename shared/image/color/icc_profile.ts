import { D50, type RgbSpace, toSrgbLight } from "./rgb_space.ts";
import {
  LINEAR,
  PARAMETER_COUNTS,
  parametric,
  power,
  table,
  type ToneCurve,
} from "./tone_curve.ts";

/** What an ICC profile is, for an image of levels. */
export interface IccProfile {
  /** Its own description; empty where there is none. */
  readonly name: string;
  /** What its levels are: "RGB", "GRAY", "CMYK", ... */
  readonly levels: string;
  /** Undefined: it maps colours by tables, or is broken. */
  readonly space?: RgbSpace;
}

const HEADER_BYTES = 128;
/** Real profiles have some twenty. */
const MOST_TAGS = 200;
/** Of a tone curve: what 12 bits of input ask for, and as many again. */
const MOST_POINTS = 8192;
const CURVES = ["rTRC", "gTRC", "bTRC"];
const COLUMNS = ["rXYZ", "gXYZ", "bXYZ"];
/** Of a sum of columns, from the white they must add up to; a profile off by more is broken. */
const WHITE_TOLERANCE = 0.05;

/**
 * Reads a profile made of three tone curves and a matrix, or of one tone curve for grey
 * (ICC.1:2022, 8.3.3 and 8.3.4).
 *
 * @returns Undefined if it is no profile at all.
 */
export function readIccProfile(bytes: Uint8Array): IccProfile | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (at: number, length: number) =>
    String.fromCharCode(...bytes.subarray(at, at + length));
  if (bytes.length < HEADER_BYTES + 4 || text(36, 4) !== "acsp") return undefined;
  const levels = text(16, 4).trim();
  const tags = new Map<string, Uint8Array>();
  const count = Math.min(view.getUint32(HEADER_BYTES), MOST_TAGS);
  for (let i = 0; i < count; i++) {
    const at = HEADER_BYTES + 4 + 12 * i;
    if (at + 12 > bytes.length) break;
    const [start, size] = [view.getUint32(at + 4), view.getUint32(at + 8)];
    if (start + size <= bytes.length) tags.set(text(at, 4), bytes.subarray(start, start + size));
  }
  const name = readText(tags.get("desc"));
  const isXyz = text(20, 4) === "XYZ ";
  return { name, levels, space: spaceOf(tags, levels, isXyz, name) };
}

function spaceOf(
  tags: ReadonlyMap<string, Uint8Array>,
  levels: string,
  isXyz: boolean,
  name: string,
): RgbSpace | undefined {
  if (levels === "GRAY") {
    const curve = readCurve(tags.get("kTRC"));
    const toSrgbLight = [1, 0, 0, 0, 1, 0, 0, 0, 1];
    return curve && { name, curves: [curve, curve, curve], toSrgbLight };
  }
  if (levels !== "RGB" || !isXyz) return undefined;
  const [red, green, blue] = CURVES.map((tag) => readCurve(tags.get(tag)));
  const [r, g, b] = COLUMNS.map((tag) => readXyz(tags.get(tag)));
  if (!red || !green || !blue || !r || !g || !b) return undefined;
  const isWhole = D50.every((white, i) => Math.abs(r[i] + g[i] + b[i] - white) < WHITE_TOLERANCE);
  if (!isWhole) return undefined;
  const toXyz = [r[0], g[0], b[0], r[1], g[1], b[1], r[2], g[2], b[2]];
  return { name, curves: [red, green, blue], toSrgbLight: toSrgbLight(toXyz) };
}

const viewOf = (tag: Uint8Array) => new DataView(tag.buffer, tag.byteOffset, tag.byteLength);
const typeOf = (tag: Uint8Array) => String.fromCharCode(...tag.subarray(0, 4));
/** ICC's s15Fixed16Number. */
const fixed = (view: DataView, at: number) => view.getInt32(at) / 65536;

function readXyz(tag: Uint8Array | undefined): number[] | undefined {
  if (!tag || tag.length < 20 || typeOf(tag) !== "XYZ ") return undefined;
  const view = viewOf(tag);
  return [8, 12, 16].map((at) => fixed(view, at));
}

function readCurve(tag: Uint8Array | undefined): ToneCurve | undefined {
  if (!tag || tag.length < 12) return undefined;
  const view = viewOf(tag);
  if (typeOf(tag) === "para") {
    const kind = view.getUint16(8);
    const count = PARAMETER_COUNTS[kind];
    if (count === undefined || tag.length < 12 + 4 * count) return undefined;
    const parameters = Array.from({ length: count }, (_, i) => fixed(view, 12 + 4 * i));
    const [exponent, factor = 1] = parameters;
    return exponent > 0 && factor !== 0 ? parametric(kind, parameters) : undefined;
  }
  if (typeOf(tag) !== "curv") return undefined;
  const count = view.getUint32(8);
  if (count === 0) return LINEAR;
  if (count > MOST_POINTS || tag.length < 12 + 2 * count) return undefined;
  if (count === 1) return power(view.getUint16(12) / 256);
  return table(Float64Array.from({ length: count }, (_, i) => view.getUint16(12 + 2 * i) / 65535));
}

/** Characters of a name that a note has room for. */
const MOST_CHARACTERS = 60;

function readText(tag: Uint8Array | undefined): string {
  if (!tag || tag.length < 12) return "";
  const view = viewOf(tag);
  const isUnicode = typeOf(tag) === "mluc" && tag.length >= 28;
  if (!isUnicode && typeOf(tag) !== "desc") return "";
  const [start, bytes] = isUnicode
    ? [view.getUint32(24), view.getUint32(20)]
    : [12, view.getUint32(8)];
  const part = tag.subarray(start, start + Math.min(bytes, 4 * MOST_CHARACTERS));
  const name = new TextDecoder(isUnicode ? "utf-16be" : "latin1").decode(part);
  return name.split("\0")[0].trim().slice(0, MOST_CHARACTERS);
}
