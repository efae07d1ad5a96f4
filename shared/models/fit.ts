import { z } from "zod";
import { InputError } from "../errors.ts";
import type { ManifestInput } from "./manifest.ts";

/** Pixels on the longer side of the image that figures are drawn on, unless others are asked for. */
export const SOURCE_SIDE = 2048;

/** How an image becomes the input; what is not given is as the network was trained. */
export const fitOptions = z.object({
  fit: z.enum(["crop", "pad", "stretch"]).optional()
    .describe(
      "How an image becomes the input: its centre, the whole on the mean colour, or the whole " +
        "whatever its shape. As the network was trained by default.",
    ),
  "short-side": z.int().min(1).max(4096).optional()
    .describe("With --fit crop: the short side of the image before its centre is cut out.")
    .meta({ unit: "pixels" }),
  "source-side": z.int().min(64).max(8192).default(SOURCE_SIDE)
    .describe("Longer side of the image that figures are drawn on, at most.")
    .meta({ unit: "pixels" }),
});

export type FitOptions = z.infer<typeof fitOptions>;

/**
 * An input with another way of fitting an image into it.
 *
 * @throws {InputError} If the short side is given for another fit than "crop", or is smaller than
 * the input.
 */
export function fitted(
  input: ManifestInput,
  { fit, "short-side": shortSide }: Pick<FitOptions, "fit" | "short-side">,
): ManifestInput {
  const { resize, height, width } = input;
  const trained = "shortSide" in resize ? "crop" : "pad" in resize ? "pad" : "stretch";
  const chosen = fit ?? (shortSide === undefined ? trained : "crop");
  const filter = "bilinear";
  if (chosen !== "crop") {
    if (shortSide !== undefined) {
      throw new InputError(
        `Cannot fit the image: a short side of ${shortSide} goes with "crop", not with "${chosen}"`,
      );
    }
    return {
      ...input,
      resize: chosen === "pad" ? { pad: true, filter } : { stretch: true, filter },
    };
  }
  const least = Math.min(height, width);
  const side = shortSide ?? ("shortSide" in resize ? resize.shortSide : least);
  if (side < least) {
    throw new InputError(
      `Cannot fit the image: a short side of ${side} is smaller than the input, ${width} x ${height}`,
    );
  }
  return { ...input, resize: { shortSide: side, filter } };
}
