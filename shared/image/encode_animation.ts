import { InputError } from "../errors.ts";
import { encodeWebp, type WebpOptions } from "./encode_image.ts";
import type { Image } from "./image.ts";

export interface AnimationOptions extends WebpOptions {
  /** How long a frame is shown, in milliseconds, 1 to 2^24 - 1. */
  readonly delay: number;
  /** How often all frames are played; 0 is for ever. @default 0 */
  readonly plays?: number;
}

/** Chunks of a WebP file that hold an image; all others are left out of a frame. */
const IMAGE_CHUNKS = new Set(["ALPH", "VP8 ", "VP8L"]);

/** Flags of VP8X. */
const HAS_ALPHA = 0x10;
const IS_ANIMATED = 0x02;

/** Flag of ANMF: the frame replaces what was there, alpha included. */
const NO_BLENDING = 0x02;

const MOST_DELAY = 2 ** 24 - 1;
const MOST_PLAYS = 2 ** 16 - 1;

/**
 * Images of one size as an animated WebP file, without a limit on colours. Frames are encoded as
 * they come, so that few need to be in memory.
 *
 * @see RFC 9649, section 2.7.1
 */
export class AnimationEncoder {
  readonly #options: AnimationOptions;
  readonly #frames: Uint8Array[] = [];
  #size: { readonly width: number; readonly height: number } | undefined;

  /** @throws {InputError} If an option is out of range. */
  constructor(options: AnimationOptions) {
    checkWhole("delay", options.delay, 1, MOST_DELAY);
    checkWhole("number of plays", options.plays ?? 0, 0, MOST_PLAYS);
    this.#options = options;
  }

  /** @throws {InputError} If the frame is of another size than those before. */
  async add(frame: Image): Promise<void> {
    const { width, height } = this.#size ??= frame;
    if (frame.width !== width || frame.height !== height) {
      throw new InputError(
        `Cannot animate: frame ${this.#frames.length} is ${frame.width} x ${frame.height}, ` +
          `the ones before are ${width} x ${height}`,
      );
    }
    const image = imageChunks(await encodeWebp(frame, this.#options));
    const place = new Uint8Array([
      ...[...uint24(0), ...uint24(0), ...uint24(width - 1), ...uint24(height - 1)],
      ...[...uint24(this.#options.delay), NO_BLENDING],
    ]);
    this.#frames.push(chunk("ANMF", [place, ...image]));
  }

  /**
   * The file.
   *
   * @throws {InputError} If there is no frame.
   */
  finish(): Uint8Array<ArrayBuffer> {
    const size = this.#size;
    if (size === undefined) throw new InputError("Cannot animate: there are no frames");
    const { plays = 0 } = this.#options;
    const canvas = [...uint24(size.width - 1), ...uint24(size.height - 1)];
    const header = chunk("VP8X", [new Uint8Array([HAS_ALPHA | IS_ANIMATED, 0, 0, 0, ...canvas])]);
    const animation = chunk("ANIM", [new Uint8Array([0, 0, 0, 0, plays & 255, plays >> 8])]);
    return chunk("RIFF", [new TextEncoder().encode("WEBP"), header, animation, ...this.#frames]);
  }
}

function checkWhole(what: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new InputError(
    `Cannot animate: the ${what} is ${value}, valid are whole numbers from ${least} to ${most}`,
  );
}

/** The chunks of a still WebP file that make up its image, with their headers. */
function imageChunks(file: Uint8Array): Uint8Array[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const chunks: Uint8Array[] = [];
  for (let at = 12; at < file.length;) {
    const length = view.getUint32(at + 4, true);
    const end = at + 8 + length + length % 2;
    const name = String.fromCharCode(...file.subarray(at, at + 4));
    if (IMAGE_CHUNKS.has(name)) chunks.push(file.subarray(at, end));
    at = end;
  }
  return chunks;
}

/** Name, length and content, padded to an even length. */
function chunk(name: string, parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(8 + length + length % 2);
  bytes.set(new TextEncoder().encode(name));
  new DataView(bytes.buffer).setUint32(4, length, true);
  let at = 8;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const uint24 = (value: number) => [value & 255, value >> 8 & 255, value >> 16 & 255];
