import type { Chromaticities, Chromaticity } from "../file_color.ts";
import { LINEAR, SRGB_CURVE, type ToneCurve } from "./tone_curve.ts";

/** A 3 x 3 matrix, row by row. */
export type Matrix3 = readonly number[];

export function multiply(a: Matrix3, b: Matrix3): number[] {
  return Array.from({ length: 9 }, (_, i) => {
    const [row, column] = [Math.floor(i / 3), i % 3];
    return a[3 * row] * b[column] + a[3 * row + 1] * b[column + 3] + a[3 * row + 2] * b[column + 6];
  });
}

export function apply(m: Matrix3, [x, y, z]: readonly number[]): number[] {
  return [0, 3, 6].map((row) => m[row] * x + m[row + 1] * y + m[row + 2] * z);
}

/** The inverse; undefined if there is none. */
export function invert(m: Matrix3): number[] | undefined {
  const [a, b, c, d, e, f, g, h, i] = m;
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  if (!(Math.abs(determinant) > 1e-9)) return undefined;
  return [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ].map((value) => value / determinant);
}

export const diagonal = ([x, y, z]: readonly number[]): number[] => [x, 0, 0, 0, y, 0, 0, 0, z];

/** A colour space of three lights: how levels become light, and which light each channel is. */
export interface RgbSpace {
  /** For a person: "Display P3". */
  readonly name: string;
  /** Of red, green and blue: from a level of 0..1 to light of 0..1. */
  readonly curves: readonly [ToneCurve, ToneCurve, ToneCurve];
  /** Light of the channels to light of sRGB's. */
  readonly toSrgbLight: Matrix3;
}

/** White of ICC's connection space (ICC.1:2022, 7.2.16). */
export const D50 = [0.9642, 1, 0.8249] as const;

/** Cone responses by Bradford, in which white points are adapted (ICC.1:2022, annex E). */
const BRADFORD = [0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367, 0.0389, -0.0685, 1.0296];

const WHITE_D65: Chromaticity = [0.3127, 0.329];

/** ITU-R BT.709, as in sRGB. */
export const SRGB_POINTS: Chromaticities = {
  white: WHITE_D65,
  red: [0.64, 0.33],
  green: [0.3, 0.6],
  blue: [0.15, 0.06],
};

const UNSPECIFIED = 2;

/** Of the code points of ITU-T H.273 that photos have: sRGB, wide television, Display P3. */
export const POINTS_BY_CODE: ReadonlyMap<number, readonly [name: string, Chromaticities]> = new Map(
  [
    [1, ["sRGB", SRGB_POINTS]],
    [UNSPECIFIED, ["sRGB", SRGB_POINTS]],
    [9, ["BT.2020", {
      white: WHITE_D65,
      red: [0.708, 0.292],
      green: [0.17, 0.797],
      blue: [0.131, 0.046],
    }]],
    [12, ["Display P3", {
      white: WHITE_D65,
      red: [0.68, 0.32],
      green: [0.265, 0.69],
      blue: [0.15, 0.06],
    }]],
  ],
);

/** Code points of ITU-T H.273 whose levels grow with light in a way that is known here. */
export const CURVES_BY_CODE: ReadonlyMap<number, ToneCurve> = new Map([
  // BT.709's own curve is for cameras; its images are shown with sRGB's.
  [1, SRGB_CURVE],
  [UNSPECIFIED, SRGB_CURVE],
  [6, SRGB_CURVE],
  [8, LINEAR],
  [13, SRGB_CURVE],
]);

/**
 * From the light of channels with these chromaticities to XYZ under D50; undefined if they are
 * no colour space.
 */
export function lightToXyz({ white, red, green, blue }: Chromaticities): number[] | undefined {
  if ([white, red, green, blue].some(([, y]) => y <= 0)) return undefined;
  const [w, r, g, b] = [white, red, green, blue].map(toXyz);
  const primaries = [r[0], g[0], b[0], r[1], g[1], b[1], r[2], g[2], b[2]];
  const inverse = invert(primaries);
  if (!inverse) return undefined;
  return multiply(adaptation(w), multiply(primaries, diagonal(apply(inverse, w))));
}

const toXyz = ([x, y]: Chromaticity) => [x / y, 1, (1 - x - y) / y];

/** From XYZ under a white to XYZ under D50. */
function adaptation(white: readonly number[]): number[] {
  const from = apply(BRADFORD, white);
  const to = apply(BRADFORD, D50);
  return multiply(
    invert(BRADFORD)!,
    multiply(diagonal(to.map((value, i) => value / from[i])), BRADFORD),
  );
}

const XYZ_TO_SRGB_LIGHT = invert(lightToXyz(SRGB_POINTS)!)!;

/** From light with this matrix to XYZ under D50, to light of sRGB. */
export const toSrgbLight = (toD50: Matrix3): number[] => multiply(XYZ_TO_SRGB_LIGHT, toD50);
