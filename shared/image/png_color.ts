import { SRGB_POINTS } from "./color/rgb_space.ts";
import type { Chromaticities, FileColor } from "./file_color.ts";

/** Values in gAMA and cHRM are in hundred-thousandths. */
const UNIT = 1e5;

/**
 * Finds what a PNG file's chunks say about colour. Of several, cICP counts before iCCP, sRGB, and
 * gAMA with cHRM (W3C PNG 3rd edition, 4.3).
 */
export class PngColorReader {
  readonly #found = new Map<string, FileColor | undefined>();
  #gamma: number | undefined;
  #chromaticities: Chromaticities | undefined;

  /** Looks at one chunk; those that say nothing about colour, or nonsense, are passed over. */
  take(type: string, data: Uint8Array): void {
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    if (type === "cICP" && data.length === 4) {
      const [primaries, transfer] = data;
      this.#found.set(type, { kind: "code-points", primaries, transfer });
    } else if (type === "iCCP") {
      // A name, a zero, the method of compression, of which there is one.
      const start = data.subarray(0, 80).indexOf(0) + 2;
      if (start < 3 || data[start - 1] !== 0) return;
      this.#found.set(type, { kind: "icc", profile: data.subarray(start), isDeflated: true });
    } else if (type === "sRGB") {
      this.#found.set(type, undefined);
    } else if (type === "gAMA" && data.length === 4 && view.getUint32(0) > 0) {
      this.#gamma = view.getUint32(0) / UNIT;
    } else if (type === "cHRM" && data.length === 32) {
      const point = (i: number) =>
        [view.getUint32(8 * i) / UNIT, view.getUint32(8 * i + 4) / UNIT] as const;
      const points = { white: point(0), red: point(1), green: point(2), blue: point(3) };
      // sRGB's own, as most programs write them, are nothing new.
      this.#chromaticities = isSame(points, SRGB_POINTS) ? undefined : points;
    }
  }

  /** Undefined where the levels are sRGB. */
  get found(): FileColor | undefined {
    const first = ["cICP", "iCCP", "sRGB"].find((type) => this.#found.has(type));
    if (first) return this.#found.get(first);
    const [gamma, chromaticities] = [this.#gamma, this.#chromaticities];
    // Chromaticities alone say nothing of how levels grow.
    return gamma === undefined ? undefined : { kind: "gamma", gamma, chromaticities };
  }
}

/** Programs round to three digits, or to two. */
const SAME_POINT = 0.006;

const isSame = (a: Chromaticities, b: Chromaticities): boolean =>
  (["white", "red", "green", "blue"] as const).every((name) =>
    a[name].every((value, i) => Math.abs(value - b[name][i]) < SAME_POINT)
  );
