import { type Figure, onSource, type Panel, type Placed, placementOf } from "../../figure/mod.ts";
import { type Color, type Grid, type Image, valueRange, VIRIDIS } from "../../image/mod.ts";
import { shortLabel } from "../../models/labels.ts";
import type { Canvas } from "./canvas.ts";
import { KNOWN } from "./grab_cut.ts";
import { outlinePath } from "./outline_path.ts";

const FOREGROUND: Color = [220, 20, 60];
const BACKGROUND: Color = [30, 100, 200];
const SEEDS: Readonly<Record<number, Color>> = {
  [KNOWN.foreground]: FOREGROUND,
  [KNOWN.background]: BACKGROUND,
};

export interface SegmentView {
  readonly input: Placed;
  readonly label: string;
  /** Of the input. */
  readonly saliency: Grid;
  readonly canvas: Canvas;
  /** Row by row on the canvas, as is the mask. */
  readonly known: Uint8Array;
  /** 1 for the foreground. */
  readonly mask: Uint8Array;
  /** 0..255 for each pixel of the source. */
  readonly alpha: Uint8ClampedArray;
}

/** The cut over the image, and how it came about. */
export function segmentFigure(
  { input, label, saliency, canvas, known, mask, alpha }: SegmentView,
): Figure {
  const { source } = placementOf(input);
  const { width, height } = canvas.image;
  const share = Math.round(100 * mask.reduce((a, b) => a + b, 0) / mask.length);
  const whole = { left: 0, top: 0, width: source.width, height: source.height };
  const path = outlinePath(mask, width, height, source.width / width, source.height / height);
  const segment: Panel = {
    id: "segment",
    title: shortLabel(label),
    text: `Cut out by GrabCut: ${share} % of the image.`,
    width: source.width,
    height: source.height,
    layers: [
      { kind: "image", image: source, opacity: 0.35 },
      { kind: "image", image: withAlpha(source, alpha) },
      { kind: "outline", path, color: FOREGROUND },
    ],
  };
  const range = valueRange(saliency.values, VIRIDIS.kind);
  return {
    title: `Segmentation: ${shortLabel(label)}`,
    caption: "The object of the class, cut out with nothing but the network's gradient and the " +
      "image's colours.",
    panels: [segment, {
      id: "seeds",
      title: "Seeds",
      text: "The rest is cut by its colours.",
      ...onSource(input, "grey", () => [
        {
          kind: "image",
          image: seeds(known, width, height),
          at: whole,
          isPixelated: true,
          opacity: 0.7,
        },
      ]),
      legend: [
        { color: FOREGROUND, name: "largest gradient: foreground" },
        { color: BACKGROUND, name: "smallest gradient: background" },
      ],
    }, {
      id: "gradient",
      title: "Gradient",
      text: "Its size, averaged over views and smoothed.",
      ...onSource(input, "grey", (at) => [
        { kind: "heat map", grid: saliency, colormap: VIRIDIS, range, at },
      ]),
      scale: { colormap: VIRIDIS, range, caption: "maximum over the channels" },
    }],
  };
}

/** The cut-out with its alpha, and the mask, at the source's size. */
export function segmentImages(
  input: Placed,
  alpha: Uint8ClampedArray,
): Record<"cutout" | "mask", Image> {
  const { source } = placementOf(input);
  const { width, height } = source;
  const data = new Uint8ClampedArray(4 * alpha.length).fill(255);
  alpha.forEach((value, i) => data.fill(value, 4 * i, 4 * i + 3));
  return { cutout: withAlpha(source, alpha), mask: { width, height, data } };
}

function seeds(known: Uint8Array, width: number, height: number): Image {
  const data = new Uint8ClampedArray(4 * known.length);
  known.forEach((value, i) => {
    if (SEEDS[value]) data.set([...SEEDS[value], 255], 4 * i);
  });
  return { width, height, data };
}

function withAlpha(image: Image, alpha: Uint8ClampedArray): Image {
  const data = image.data.slice();
  alpha.forEach((value, i) => data[4 * i + 3] = value);
  return { width: image.width, height: image.height, data };
}
