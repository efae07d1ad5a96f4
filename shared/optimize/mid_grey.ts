import type { ManifestInput } from "../models/mod.ts";

const LEVEL = 127.5;

/** What each plane of a network's input is where an image is mid grey. */
export function midGrey({ scale, mean, std }: ManifestInput): number[] {
  return mean.map((m, c) => (LEVEL * scale - m) / std[c]);
}
