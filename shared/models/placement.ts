import type { Box } from "../image/crop.ts";
import type { ManifestInput } from "./manifest.ts";

/**
 * The width and height that an image is resized to, and the part of it that the network sees; where
 * it is padded, that part is larger than the image.
 */
export function placement(
  image: { readonly width: number; readonly height: number },
  input: Pick<ManifestInput, "height" | "width" | "resize">,
): { size: [number, number]; crop: Box } {
  const { height, width, resize } = input;
  if ("stretch" in resize) {
    return { size: [width, height], crop: { left: 0, top: 0, width, height } };
  }
  if ("pad" in resize) {
    const factor = Math.min(width / image.width, height / image.height);
    const size: [number, number] = [
      Math.max(1, Math.round(image.width * factor)),
      Math.max(1, Math.round(image.height * factor)),
    ];
    const left = Math.ceil((size[0] - width) / 2);
    return { size, crop: { left, top: Math.ceil((size[1] - height) / 2), width, height } };
  }
  // The margin around the crop, in proportion; then the smallest size that covers the input.
  const margin = resize.shortSide / Math.min(width, height);
  const factor = margin * Math.max(width / image.width, height / image.height);
  const scaled = (side: number, least: number) => Math.max(least, floorExact(side * factor));
  const size: [number, number] = [scaled(image.width, width), scaled(image.height, height)];
  const left = Math.floor((size[0] - width) / 2);
  const top = Math.floor((size[1] - height) / 2);
  return { size, crop: { left, top, width, height } };
}

/** Rounds down, but not for a product that misses a whole number by rounding error alone. */
function floorExact(value: number): number {
  const nearest = Math.round(value);
  return Math.abs(value - nearest) < 1e-9 * nearest ? nearest : Math.floor(value);
}
