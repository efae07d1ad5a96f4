import { heatmap, type Image, montage, resize, VIRIDIS } from "../../image/mod.ts";
import { drawPanel } from "../../contract/panel.ts";
import type { SanityStage } from "./sanity.ts";

/** About the longer side of a map, in pixels. */
const SIDE = 192;

export interface SanityView {
  /** The sizes of the real gradient, squished over the channels. */
  readonly map: Float32Array;
  readonly width: number;
  readonly height: number;
  readonly stages: readonly SanityStage[];
  /** "plain", "guided", "deconvnet". */
  readonly rule: string;
}

/** The real map beside those with more and more weights at random, each in its own scale. */
export function sanityImage({ map, width, height, stages, rule }: SanityView): Image {
  const factor = SIDE / Math.max(width, height);
  const shown = (values: Float32Array) =>
    resize(
      heatmap({ width, height, values }, VIRIDIS),
      Math.max(1, Math.round(width * factor)),
      Math.max(1, Math.round(height * factor)),
    );
  const tiles = stages.map(({ layer, sizes, map: random }) => ({
    image: shown(random),
    title: `to ${layer}: ${sizes.toFixed(2)}`,
  }));
  const [first, last] = [stages[0], stages[stages.length - 1]];
  return drawPanel({
    title: `Sanity check, ${rule}`,
    text: `With the weights from the scores down to a layer at random, and the rank correlation ` +
      `with the real map: ${first.sizes.toFixed(2)} at first, ${last.sizes.toFixed(2)} with all ` +
      `at random. A map that stays alike does not show what the network has learned.`,
    body: montage([{ image: shown(map), title: "as trained" }, ...tiles], { columns: 3, gap: 8 }),
  });
}
