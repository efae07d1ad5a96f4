import type { ManifestInput } from "../models/mod.ts";

/**
 * Root of the covariance of colours in natural images, one row for each of red, green and blue.
 *
 * @see Olah et al., "Feature Visualization", Distill, 2017; the numbers are those of its code
 */
const ROOT = [[0.26, 0.09, 0.02], [0.27, 0, -0.05], [0.27, -0.09, 0.03]] as const;

/** Rows of {@linkcode ROOT} in the order of a network's planes. */
const ROWS = { RGB: [0, 1, 2], BGR: [2, 1, 0] } as const;

/**
 * Leads from independent colour components to a network's planes; row-major. Its longest column
 * has length 1, so that what the first component changes is brightness, and the others change
 * less. Planes that are no colours are independent as they are.
 */
export function colorBasis(order: ManifestInput["channelOrder"], channels: number): Float32Array {
  if (order === "GRAY" || order === "PLANES") {
    return Float32Array.from({ length: channels ** 2 }, (_, i) => Number(i % (channels + 1) === 0));
  }
  const longest = Math.max(...[0, 1, 2].map((k) => Math.hypot(...ROOT.map((row) => row[k]))));
  return Float32Array.from(ROWS[order].flatMap((row) => ROOT[row].map((v) => v / longest)));
}
