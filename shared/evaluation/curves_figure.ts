import type { Figure, PlotLine } from "../figure/mod.ts";
import { type Color } from "../image/mod.ts";
import { formatNumber } from "../printable.ts";
import { shortLabel } from "../models/labels.ts";
import type { Direction } from "./change_kernel.ts";
import type { Curves } from "./deletion_insertion.ts";

const [WIDTH, HEIGHT] = [480, 280];

/** Middle tones, which are told from a light and from a dark ground. */
const LINES: Readonly<Record<Direction, { readonly color: Color; readonly name: string }>> = {
  deletion: { color: [214, 96, 77], name: "Deletion: important pixels go, small is good" },
  insertion: { color: [67, 147, 195], name: "Insertion: important pixels come, large is good" },
};

/** Both curves in one panel, with the areas under them. */
export function curvesFigure(curves: Curves, label: string, quantity: string): Figure {
  const kinds = Object.keys(LINES) as Direction[];
  const all = kinds.flatMap((kind) => Array.from(curves[kind].scores));
  const isShare = quantity === "probability";
  const range = isShare
    ? { min: 0, max: 1 }
    : { min: Math.min(0, ...all), max: Math.max(...all, Math.min(0, ...all) + 1e-12) };
  const lines = kinds.map((kind): PlotLine => ({
    color: LINES[kind].color,
    values: Array.from(curves[kind].scores),
  }));
  return {
    title: `Deletion and insertion: ${shortLabel(label)}`,
    caption:
      `The ${quantity} while the pixels that the map calls most important are taken from the ` +
      "image, or put into a blurred one, and the area under it.",
    panels: [{
      id: "curves",
      title: "",
      text: "",
      width: WIDTH,
      height: HEIGHT,
      drawnWidth: WIDTH,
      layers: [{ kind: "plot", lines, range, x: "share of the pixels", y: quantity }],
      legend: kinds.map((kind) => ({
        color: LINES[kind].color,
        name: LINES[kind].name,
        note: formatNumber(curves[kind].area),
      })),
    }],
  };
}
