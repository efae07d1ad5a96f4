import {
  colorBar,
  type Colormap,
  heatmap,
  type Image,
  montage,
  resize,
  type ValueRange,
  VIRIDIS,
} from "../../image/mod.ts";
import type { ManifestInput } from "../../models/manifest.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { bodySize, drawPanel, FONT_SCALE } from "../../contract/panel.ts";
import type { GradientOptions } from "./options.ts";

/** Values beyond this quantile of the absolute values are shown as the end of the scale. */
const QUANTILE = 0.999;

const GREY: Colormap = {
  name: "grey",
  kind: "sequential",
  source: "this project",
  colors: [[0, 0, 0], [255, 255, 255]],
};

/** Which plane of the network's input each of red, green and blue is. */
const COLOR_PLANES = { RGB: [0, 1, 2], BGR: [2, 1, 0], GRAY: [0, 0, 0] } as const;

/** What the images are made of. */
export interface GradientView {
  /** [1, C, H, W] */
  readonly gradient: Tensor<"float32">;
  readonly image: Image;
  readonly channelOrder: ManifestInput["channelOrder"];
  readonly label: string;
  readonly quantity: string;
  readonly options: GradientOptions;
}

/**
 * The gradient as images: signed (mid grey is zero, colours are the input's channels), absolute,
 * and squished to the largest absolute value over the channels; each with its scale.
 */
export function gradientImages(view: GradientView): Record<string, Image> {
  const { gradient: { dims, data }, image, label, quantity, options } = view;
  const [, channels, height, width] = dims;
  const area = height * width;
  const magnitude = data.map(Math.abs);
  const scale = quantile(magnitude, QUANTILE);
  const planes = COLOR_PLANES[view.channelOrder].map((plane) => Math.min(plane, channels - 1));
  const colored = (level: (value: number) => number): Image => {
    const pixels = new Uint8ClampedArray(area * 4).fill(255);
    for (let i = 0; i < area; i++) {
      planes.forEach((plane, c) => pixels[4 * i + c] = level(data[plane * area + i] / scale));
    }
    return { width, height, data: pixels };
  };
  const squished = squish(magnitude, channels, area);
  const top: ValueRange = { min: 0, max: scale };
  const size = bodySize(height, width);
  const shown = (body: Image) => resize(body, size.width, size.height);
  const panel = (title: string, text: string, body: Image, map: Colormap, range: ValueRange) => {
    const caption = `${quantity} per unit of input`;
    const legend = colorBar(map, range, { width: size.width, caption, scale: FONT_SCALE });
    return drawPanel({ title, text, body: shown(body), legend });
  };
  const name = label.split(",")[0];
  const smooth = options.samples > 1 ? `, mean of ${options.samples} noisy copies` : "";
  const panels = {
    signed: panel(
      name,
      `Gradient of its ${quantity}, ${options.rule}${smooth}; mid grey is zero`,
      colored((share) => 127.5 + 127.5 * share),
      GREY,
      { min: -scale, max: scale },
    ),
    absolute: panel(
      "Absolute",
      "Its size in each colour channel, whatever the sign",
      colored((share) => 255 * Math.abs(share)),
      GREY,
      top,
    ),
    squished: panel(
      "Squished",
      "The largest absolute value over the colour channels",
      heatmap({ width, height, values: squished }, VIRIDIS, top),
      VIRIDIS,
      top,
    ),
  };
  const seen = drawPanel({
    title: "Input",
    text: "The image as the network sees it",
    body: shown(image),
  });
  const figure = montage([seen, ...Object.values(panels)].map((image) => ({ image })), {
    columns: 2,
    gap: 0,
  });
  return { ...panels, figure };
}

/** The largest value over the channels, at each place. */
export function squish(magnitude: Float32Array, channels: number, area: number): Float32Array {
  return Float32Array.from({ length: area }, (_, i) => {
    let largest = 0;
    for (let c = 0; c < channels; c++) largest = Math.max(largest, magnitude[c * area + i]);
    return largest;
  });
}

/** The smallest scale that covers a share of the values; never 0, so that it can divide. */
function quantile(values: Float32Array, share: number): number {
  const sorted = values.toSorted();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ||
    sorted[sorted.length - 1] || 1;
}
