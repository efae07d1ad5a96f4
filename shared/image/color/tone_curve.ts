/** From a level of 0..1 to light of 0..1. */
export type ToneCurve = (level: number) => number;

export const LINEAR: ToneCurve = (level) => level;

/** IEC 61966-2-1. */
export const SRGB_CURVE: ToneCurve = (level) =>
  level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4;

/** The inverse of {@linkcode SRGB_CURVE}. */
export const srgbLevel = (light: number): number =>
  light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;

export const power = (exponent: number): ToneCurve => (level) => level ** exponent;

/** Through points at equal distances from 0 to 1, straight between them. At least two. */
export function table(points: Float64Array): ToneCurve {
  const last = points.length - 1;
  return (level) => {
    const at = Math.min(level * last, last);
    const below = Math.min(Math.floor(at), last - 1);
    return points[below] + (at - below) * (points[below + 1] - points[below]);
  };
}

/**
 * The parametric curves of ICC (ICC.1:2022, 10.18): what each number of parameters is short for of
 * `(a x + b)^g + e` from d on, and `c x + f` below it.
 */
const PARAMETERS: readonly ((p: readonly number[]) => readonly number[])[] = [
  ([g]) => [g, 1, 0, 0, 0, 0, 0],
  ([g, a, b]) => [g, a, b, 0, -b / a, 0, 0],
  ([g, a, b, c]) => [g, a, b, 0, -b / a, c, c],
  ([g, a, b, c, d]) => [g, a, b, c, d, 0, 0],
  ([g, a, b, c, d, e, f]) => [g, a, b, c, d, e, f],
];

/** How many parameters each kind of parametric curve has. */
export const PARAMETER_COUNTS = [1, 3, 4, 5, 7] as const;

/** A parametric curve of ICC of kind 0..4, clamped to 0..1. */
export function parametric(kind: number, given: readonly number[]): ToneCurve {
  const [g, a, b, c, d, e, f] = PARAMETERS[kind](given);
  return (x) => {
    const y = x >= d ? Math.max(0, a * x + b) ** g + e : c * x + f;
    return Math.min(1, Math.max(0, y));
  };
}
