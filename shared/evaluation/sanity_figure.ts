import type { Figure, Panel } from "../figure/mod.ts";
import { type Grid, valueRange, VIRIDIS } from "../image/mod.ts";
import type { SanityStage } from "./cascade.ts";

/** CSS pixels of a map. */
const WIDTH = 220;

export interface SanityView {
  /** Of the trained weights. */
  readonly map: Float32Array;
  readonly width: number;
  readonly height: number;
  readonly stages: readonly SanityStage[];
  /** What is checked: "guided backpropagation", "Grad-CAM". */
  readonly subject: string;
}

/** The real map beside those with more and more randomised weights, each in its own scale. */
export function sanityFigure({ map, width, height, stages, subject }: SanityView): Figure {
  const panel = (title: string, text: string, values: Float32Array, i: number): Panel => {
    const grid: Grid = { width, height, values };
    return {
      id: `stage-${i}`,
      ...{ title, text, width, height },
      drawnWidth: WIDTH,
      layers: [{
        kind: "heat map",
        grid,
        colormap: VIRIDIS,
        range: valueRange(values, VIRIDIS.kind),
      }],
    };
  };
  const [first, last] = [stages[0], stages[stages.length - 1]];
  return {
    title: `Sanity check of ${subject}`,
    caption: "Randomised weights from the scores down to a layer, with the rank correlation to " +
      `the trained map: ${first.sizes.toFixed(2)} at first, ${last.sizes.toFixed(2)} with all ` +
      "weights randomised. A map that stays alike does not show what the network has learned.",
    panels: [
      panel("As trained", "", map, 0),
      ...stages.map(({ layer, sizes, map: random }, i) =>
        panel(`Down to ${layer}`, `rank correlation ${sizes.toFixed(2)}`, random, i + 1)
      ),
    ],
  };
}
