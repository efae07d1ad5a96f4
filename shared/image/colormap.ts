import type { Color } from "./image.ts";

/** A way from a number to a colour. */
export interface Colormap {
  readonly name: string;
  /** Diverging: the middle is zero, and the two sides are signs. */
  readonly kind: "diverging" | "sequential";
  /** Who made it, and its licence. */
  readonly source: string;
  /** Evenly spaced; colours between them are interpolated linearly in sRGB. */
  readonly colors: readonly Color[];
}

const fromHex = (colors: string): Color[] =>
  colors.split(" ").map((color) => {
    const [r, g, b] = Uint8Array.fromHex(color);
    return [r, g, b];
  });

/** Blue below zero, red above; told apart with every kind of colour blindness. */
export const BLUE_RED: Colormap = {
  name: "RdBu, reversed",
  kind: "diverging",
  source:
    "ColorBrewer 2.0 by Cynthia Brewer, Mark Harrower and The Pennsylvania State University, " +
    "Apache-2.0 style licence",
  colors: fromHex("053061 2166ac 4393c3 92c5de d1e5f0 f7f7f7 fddbc7 f4a582 d6604d b2182b 67001f"),
};

/** Dark blue to yellow, of evenly rising lightness; the same in grey and with colour blindness. */
export const VIRIDIS: Colormap = {
  name: "viridis",
  kind: "sequential",
  source: "Stefan van der Walt and Nathaniel Smith for matplotlib, CC0; sampled at tenths",
  colors: fromHex("440154 482475 414487 355f8d 2a788e 21918c 22a884 44bf70 7ad151 bddf26 fde725"),
};

/** Black to white; of what has colours of its own. */
export const GREY: Colormap = {
  name: "grey",
  kind: "diverging",
  source: "this project",
  colors: [[0, 0, 0], [255, 255, 255]],
};

/** The colour at `position` of 0..1, clamped; NaN is taken as the middle. */
export function colorAt({ colors }: Colormap, position: number): Color {
  const last = colors.length - 1;
  const at = Math.min(1, Math.max(0, Number.isNaN(position) ? 0.5 : position)) * last;
  const index = Math.min(Math.floor(at), last - 1);
  const [low, high] = [colors[index], colors[index + 1]];
  const mix = (c: 0 | 1 | 2) => Math.round(low[c] + (at - index) * (high[c] - low[c]));
  return [mix(0), mix(1), mix(2)];
}
