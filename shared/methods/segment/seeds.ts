import { InputError } from "../../errors.ts";
import { KNOWN, type Known } from "./grab_cut.ts";
import type { SegmentOptions } from "./options.ts";
import { fillStroke, type Stroke } from "./strokes.ts";

/** Within so many radii of a stroke, what the gradient says against it is no longer sure. */
const REACH = 3;

const UNSURE = {
  [KNOWN.background]: KNOWN.maybeBackground,
  [KNOWN.foreground]: KNOWN.maybeForeground,
} as const;

/** What is known of each pixel before the cut. */
export interface Seeds {
  /** From what is known for sure here, the colours are learned. */
  readonly learned: Uint8Array;
  /** What is known for sure here, the cut keeps: less, around strokes that say otherwise. */
  readonly cut: Uint8Array;
}

/**
 * Seeds by the size of the gradient, then by what a person marked.
 *
 * @param saliency NaN where the network saw nothing.
 * @throws {RangeError} If the quantiles leave nothing between them.
 */
export function seedsOf(
  saliency: Float32Array,
  width: number,
  { foreground, background }: Pick<SegmentOptions, "foreground" | "background">,
  strokes: readonly Stroke[],
): Seeds {
  if (background >= foreground) {
    throw new InputError(
      `Cannot seed the cut: background up to the quantile ${background} and foreground from ` +
        `${foreground} overlap`,
    );
  }
  const sorted = saliency.filter((value) => !Number.isNaN(value)).sort();
  const quantile = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  const [low, high] = [quantile(background), quantile(foreground)];
  const known = Array.from(
    saliency,
    (value): Known =>
      value >= high && value > low
        ? KNOWN.foreground
        : value <= low
        ? KNOWN.background
        : KNOWN.maybeBackground,
  );
  const height = saliency.length / width;
  const cut = known.slice();
  for (const stroke of strokes) {
    const isOther = stroke.isForeground ? KNOWN.background : KNOWN.foreground;
    fillStroke({ ...stroke, radius: REACH * stroke.radius }, width, height, (at) => {
      if (cut[at] === isOther) cut[at] = UNSURE[isOther];
    });
  }
  for (const stroke of strokes) {
    const kind = stroke.isForeground ? KNOWN.foreground : KNOWN.background;
    fillStroke(stroke, width, height, (at) => known[at] = cut[at] = kind);
  }
  return { learned: Uint8Array.from(known), cut: Uint8Array.from(cut) };
}
