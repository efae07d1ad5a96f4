import { inputPanel } from "../../contract/panels.ts";
import type { Figure, Placed } from "../../figure/mod.ts";
import { formatNumber } from "../../printable.ts";
import { shortLabel } from "../../models/labels.ts";

/** Bars that are drawn, at most; the measures name all. */
const MOST_BARS = 20;

/** CSS pixels. */
const [WIDTH, ROW] = [360, 40];

/** A class with what the network says of it. */
export interface RankedClass {
  readonly index: number;
  readonly label: string;
  /** 0..1 */
  readonly probability: number;
  readonly logit: number;
}

/** The image as the network sees it, and the probabilities as bars. */
export function classifyFigure(input: Placed, classes: readonly RankedClass[]): Figure {
  const bars = classes.slice(0, MOST_BARS).map(({ label, probability }) => ({
    name: shortLabel(label),
    note: formatNumber(probability),
    share: probability,
  }));
  return {
    title: `Most probable class: ${shortLabel(classes[0].label)}`,
    caption: "What the network takes the image for.",
    panels: [inputPanel(input), {
      id: "bars",
      title: "Most probable classes",
      text: "The probability of each; a full bar is 1.",
      width: WIDTH,
      height: ROW * bars.length,
      drawnWidth: WIDTH,
      layers: [{ kind: "bars", bars }],
    }],
  };
}
