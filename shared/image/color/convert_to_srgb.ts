import type { Raster } from "../raster.ts";
import type { RgbSpace } from "./rgb_space.ts";
import { srgbLevel, type ToneCurve } from "./tone_curve.ts";

/** Steps of light in the table that turns it into levels: a fifth of a level where it is steepest. */
const LIGHT_STEPS = 2 ** 14;

const LEVEL_OF_LIGHT = Float32Array.from(
  { length: LIGHT_STEPS + 1 },
  (_, i) => srgbLevel(i / LIGHT_STEPS),
);

/**
 * The raster's levels in sRGB: through the space's curves to light, by its matrix to light of
 * sRGB's primaries, clipped to what sRGB can show, and back to levels. Alpha stays.
 */
export function convertToSrgb(raster: Raster, space: RgbSpace): Raster {
  const { width, height, data, notes } = raster;
  const most = data instanceof Uint16Array ? 65535 : 255;
  const converted = data.slice();
  const [red, green, blue] = space.curves.map((curve) => lightOf(curve, most));
  const [m0, m1, m2, m3, m4, m5, m6, m7, m8] = space.toSrgbLight;
  for (let i = 0; i < data.length; i += 4) {
    const [r, g, b] = [red[data[i]], green[data[i + 1]], blue[data[i + 2]]];
    converted[i] = level(m0 * r + m1 * g + m2 * b, most);
    converted[i + 1] = level(m3 * r + m4 * g + m5 * b, most);
    converted[i + 2] = level(m6 * r + m7 * g + m8 * b, most);
  }
  return { width, height, data: converted, notes };
}

const lightOf = (curve: ToneCurve, most: number) =>
  Float32Array.from({ length: most + 1 }, (_, value) => curve(value / most));

function level(light: number, most: number): number {
  const at = Math.min(Math.max(light, 0), 1) * LIGHT_STEPS;
  const below = Math.min(Math.floor(at), LIGHT_STEPS - 1);
  const from = LEVEL_OF_LIGHT[below];
  return Math.round(most * (from + (at - below) * (LEVEL_OF_LIGHT[below + 1] - from)));
}

/** Levels of each channel in the colours that are compared. */
const PROBES = [0, 16, 48, 96, 128, 160, 208, 255];

/** What profiles of sRGB that were rounded in different ways differ by. */
const SAME_LEVELS = 1;

/** Whether the space is sRGB, up to rounding, so that levels are best left alone. */
export function isSrgb(space: RgbSpace): boolean {
  const colors = PROBES.flatMap((r) => PROBES.flatMap((g) => PROBES.map((b) => [r, g, b, 255])));
  const data = Uint8ClampedArray.from(colors.flat());
  const probes: Raster = { width: colors.length, height: 1, data, notes: [] };
  return convertToSrgb(probes, space).data
    .every((value, i) => Math.abs(value - data[i]) <= SAME_LEVELS);
}
