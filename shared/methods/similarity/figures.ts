import {
  type Figure,
  type HeatMapLayer,
  onSource,
  type Panel,
  type Placed,
  placementOf,
} from "../../figure/mod.ts";
import { BLUE_RED, type Image } from "../../image/mod.ts";
import type { Position } from "./features.ts";

/** Share of the values at either end that have the end's colour. */
const TAIL = 0.01;

const OPACITY = 0.7;

/** The three components, and the similarities, of the positions of a layer in an image. */
export interface Compared {
  readonly id: "image" | "guide";
  readonly input: Placed;
  readonly height: number;
  readonly width: number;
  /** [3, h, w] */
  readonly components: Float32Array;
  /** [h, w] */
  readonly cosine: Float32Array;
}

/** What the figure is made of. */
export interface SimilarityView {
  readonly layer: string;
  readonly at: Position;
  readonly image: Compared;
  /** A second image, in the colours of the first. */
  readonly guide?: Compared;
  /** Share of the variance in each component. */
  readonly explained: readonly number[];
}

/** Positions of similar features in similar colours, and how similar each is to one. */
export function similarityFigure({ layer, at, image, guide, explained }: SimilarityView): Figure {
  const ranges = [0, 1, 2].map((k) => rangeOf(planeOf(image, k)));
  const share = explained.reduce((sum, one) => sum + one, 0);
  const panels = [image, ...guide ? [guide] : []].flatMap((compared) => [
    componentsPanel(compared, ranges, share),
    cosinePanel(compared, compared === image ? at : undefined),
  ]);
  return {
    title: `Similar positions in ${layer}`,
    caption:
      `The ${image.height} x ${image.width} positions by their features, compared with the ` +
      `one at row ${at.row}, column ${at.column}.`,
    columns: 2,
    panels,
  };
}

const planeOf = ({ components, height, width }: Compared, k: number) =>
  components.subarray(k * height * width, (k + 1) * height * width);

interface Range {
  readonly low: number;
  readonly high: number;
}

function rangeOf(values: Float32Array): Range {
  const sorted = values.toSorted();
  const place = Math.floor(TAIL * (sorted.length - 1));
  return { low: sorted[place], high: sorted[sorted.length - 1 - place] };
}

const titled = (title: string, id: Compared["id"]) =>
  id === "guide" ? `${title}, second image` : title;

function componentsPanel(compared: Compared, ranges: readonly Range[], share: number): Panel {
  const { id, input, height, width } = compared;
  const pixels = new Uint8ClampedArray(height * width * 4).fill(255);
  ranges.forEach(({ low, high }, k) =>
    planeOf(compared, k).forEach((value, i) =>
      pixels[4 * i + k] = high > low ? 255 * (value - low) / (high - low) : 128
    )
  );
  const image: Image = { width, height, data: pixels };
  return {
    id: `${id}-components`,
    title: titled("Principal components", id),
    text:
      "The first three as red, green and blue: similar colours are similar features. They hold " +
      `${(100 * share).toFixed(0)} % of the variance.`,
    ...onSource(input, "grey", (place) => [
      { kind: "image", image, at: place, opacity: OPACITY, isPixelated: true },
    ]),
  };
}

function cosinePanel(compared: Compared, at: Position | undefined): Panel {
  const { id, input, height, width, cosine } = compared;
  const range = { min: -1, max: 1 };
  const place = placementOf(input).at;
  const panel = onSource(input, "grey", (rectangle) => {
    const map: HeatMapLayer = {
      kind: "heat map",
      grid: { width, height, values: cosine },
      colormap: BLUE_RED,
      ...{ range, at: rectangle, opacity: OPACITY, isPixelated: true },
    };
    return [map];
  });
  const cell = { x: place.width / width, y: place.height / height };
  const outline = at && squarePath({
    left: place.left + at.column * cell.x,
    top: place.top + at.row * cell.y,
    width: cell.x,
    height: cell.y,
  });
  return {
    id: `${id}-cosine`,
    title: titled("Cosine similarity", id),
    text: at
      ? "Of each position with the one that is framed."
      : "Of each position with the one that is framed in the first image.",
    ...panel,
    layers: outline
      ? [...panel.layers, { kind: "outline", path: outline, color: [0, 0, 0] }]
      : panel.layers,
    scale: { colormap: BLUE_RED, range, caption: "1 is the same direction, 0 is unrelated" },
  };
}

function squarePath(
  { left, top, width, height }: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  },
): string {
  return `M${left} ${top}h${width}v${height}h${-width}z`;
}
