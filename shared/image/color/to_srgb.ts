import { printable } from "../../printable.ts";
import type { FileColor } from "../file_color.ts";
import { inflate } from "../inflate.ts";
import type { Raster } from "../raster.ts";
import { convertToSrgb, isSrgb } from "./convert_to_srgb.ts";
import { type IccProfile, readIccProfile } from "./icc_profile.ts";
import {
  CURVES_BY_CODE,
  lightToXyz,
  POINTS_BY_CODE,
  type RgbSpace,
  SRGB_POINTS,
  toSrgbLight,
} from "./rgb_space.ts";
import { power, SRGB_CURVE } from "./tone_curve.ts";

/** Of a profile, inflated; those of presses with large tables take 3 MB. */
const MOST_PROFILE_BYTES = 2 ** 22;

/** Files that say 1/2.2 mean sRGB, and libpng takes what is within this part of it for the same. */
const GAMMA_TOLERANCE = 0.05;
const SRGB_GAMMA = 1 / 2.2;

/** What an image's file stores for each pixel, in the words of ICC. */
export type LevelKind = "GRAY" | "RGB" | "CMYK";

type Found = { readonly space?: RgbSpace; readonly note?: string };

/**
 * The raster in sRGB, with a note where that changed its levels, or where what the file says about
 * its colours cannot be followed.
 *
 * @param levels What the file's levels are: a profile for others is ignored.
 */
export function toSrgb(raster: Raster, color: FileColor | undefined, levels: LevelKind): Raster {
  if (!color) return raster;
  const { space, note } = color.kind === "icc"
    ? spaceOfProfile(color, levels)
    : color.kind === "gamma"
    ? spaceOfGamma(color)
    : spaceOfCodePoints(color);
  if (note) return { ...raster, notes: [...raster.notes, note] };
  if (!space || isSrgb(space)) return raster;
  const converted = convertToSrgb(raster, space);
  return { ...converted, notes: [...raster.notes, `its colours are converted from ${space.name}`] };
}

function spaceOfProfile(
  color: Extract<FileColor, { kind: "icc" }>,
  levels: LevelKind,
): Found {
  const bytes = color.isDeflated ? inflate(color.profile, MOST_PROFILE_BYTES).bytes : color.profile;
  const profile = readIccProfile(bytes);
  if (!profile) return { note: "its colour profile is broken, and ignored" };
  const { space } = profile;
  // Grey in a space of colours is common, and means what it says.
  const fits = profile.levels === levels || profile.levels === "RGB" && levels === "GRAY";
  if (!fits) {
    return {
      note: `its ${titleOf(profile)} is ignored: it is for ${printable(profile.levels)}, and the ` +
        `image is ${levels}`,
    };
  }
  if (space) return { space: { ...space, name: titleOf(profile) } };
  return {
    note: `its ${titleOf(profile)} is ignored: it maps ${profile.levels} by tables, expected a ` +
      "matrix and tone curves; convert the image to sRGB for exact colours",
  };
}

const titleOf = ({ name }: IccProfile) =>
  name ? `colour profile "${printable(name)}"` : "colour profile";

function spaceOfGamma({ gamma, chromaticities }: Extract<FileColor, { kind: "gamma" }>): Found {
  const matrix = lightToXyz(chromaticities ?? SRGB_POINTS);
  if (!matrix) return { note: "its chromaticities (cHRM) make no colour space, and are ignored" };
  // Beside primaries of its own, a file means the power that it states.
  const isPlain = !chromaticities && Math.abs(gamma / SRGB_GAMMA - 1) < GAMMA_TOLERANCE;
  const curve = isPlain ? SRGB_CURVE : power(1 / gamma);
  const says = chromaticities ? "gamma and chromaticities (gAMA, cHRM)" : "gamma (gAMA)";
  const name = `its own ${says}` + (isPlain ? "" : `: levels are light to the power of ${gamma}`);
  return { space: { name, curves: [curve, curve, curve], toSrgbLight: toSrgbLight(matrix) } };
}

function spaceOfCodePoints(
  { primaries, transfer }: Extract<FileColor, { kind: "code-points" }>,
): Found {
  const points = POINTS_BY_CODE.get(primaries);
  const curve = CURVES_BY_CODE.get(transfer);
  if (!points || !curve) {
    return {
      note: `its colour space (primaries ${primaries}, transfer ${transfer} of H.273) is ` +
        "ignored; convert the image to sRGB for exact colours",
    };
  }
  const [name, chromaticities] = points;
  const matrix = toSrgbLight(lightToXyz(chromaticities)!);
  return { space: { name, curves: [curve, curve, curve], toSrgbLight: matrix } };
}
