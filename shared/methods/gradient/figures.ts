import { inputPanel } from "../../contract/panels.ts";
import { type Figure, onSource, type Panel, type Placed } from "../../figure/mod.ts";
import {
  type Colormap,
  GREY,
  heatmap,
  type Image,
  type ValueRange,
  VIRIDIS,
} from "../../image/mod.ts";
import { sizeQuantile } from "../../tensor/stats.ts";
import type { ManifestInput } from "../../models/manifest.ts";
import { shortLabel } from "../../models/labels.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { GradientOptions } from "./options.ts";

/** Values beyond this quantile of the absolute values are shown as the end of the scale. */
const QUANTILE = 0.999;

/** Which plane of the network's input each of red, green and blue is. */
const COLOR_PLANES = {
  RGB: [0, 1, 2],
  BGR: [2, 1, 0],
  GRAY: [0, 0, 0],
  PLANES: [0, 1, 2],
} as const;

/** What the figure is made of. */
export interface GradientView {
  /** [1, C, H, W] */
  readonly gradient: Tensor<"float32">;
  readonly input: Placed;
  readonly channelOrder: ManifestInput["channelOrder"];
  readonly label: string;
  readonly quantity: string;
  readonly options: GradientOptions;
}

/**
 * The gradient signed (mid grey is zero, colours are the input's channels), absolute, and as its
 * largest absolute value over the channels.
 */
export function gradientFigure(view: GradientView): Figure {
  const { gradient: { dims, data }, input, label, quantity, options } = view;
  const [, channels, height, width] = dims;
  const area = height * width;
  const magnitude = data.map(Math.abs);
  const scale = sizeQuantile(data, QUANTILE);
  const planes = COLOR_PLANES[view.channelOrder].map((plane) => Math.min(plane, channels - 1));
  const colored = (level: (value: number) => number): Image => {
    const pixels = new Uint8ClampedArray(area * 4).fill(255);
    for (let i = 0; i < area; i++) {
      planes.forEach((plane, c) => pixels[4 * i + c] = level(data[plane * area + i] / scale));
    }
    return { width, height, data: pixels };
  };
  const top: ValueRange = { min: 0, max: scale };
  const panel = (
    words: Pick<Panel, "id" | "title" | "text">,
    image: Image,
    colormap: Colormap,
    range: ValueRange,
  ): Panel => ({
    ...words,
    ...onSource(input, "colour", (at) => [{ kind: "image", image, at }]),
    scale: { colormap, range, caption: `${quantity} per unit of input` },
  });
  const smooth = options.samples > 1 ? `, mean of ${options.samples} noisy copies` : "";
  const largest = maxOverChannels(magnitude, channels, area);
  return {
    title: `Gradient: ${shortLabel(label)}`,
    caption:
      `How its ${quantity} changes with each pixel (${options.rule} backpropagation${smooth}).`,
    columns: 2,
    panels: [
      inputPanel(input),
      panel(
        { id: "signed", title: "Signed", text: "In each colour channel; mid grey is zero." },
        colored((share) => 127.5 + 127.5 * share),
        GREY,
        { min: -scale, max: scale },
      ),
      panel(
        { id: "absolute", title: "Absolute", text: "In each colour channel, whatever the sign." },
        colored((share) => 255 * Math.abs(share)),
        GREY,
        top,
      ),
      panel(
        {
          id: "max-over-channels",
          title: "Maximum over channels",
          text: "The largest absolute value over the colour channels.",
        },
        heatmap({ width, height, values: largest }, VIRIDIS, top),
        VIRIDIS,
        top,
      ),
    ],
  };
}

/** The largest value over the channels, at each place. */
export function maxOverChannels(
  magnitude: Float32Array,
  channels: number,
  area: number,
): Float32Array {
  return Float32Array.from({ length: area }, (_, i) => {
    let largest = 0;
    for (let c = 0; c < channels; c++) largest = Math.max(largest, magnitude[c * area + i]);
    return largest;
  });
}
