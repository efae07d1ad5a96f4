import {
  BLUE_RED,
  colorBar,
  heatmap,
  type Image,
  montage,
  overlay,
  resize,
  type ValueRange,
  VIRIDIS,
} from "../../image/mod.ts";
import { bodySize, drawPanel, FONT_SCALE } from "../../contract/panel.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { IntegratedGradientsOptions } from "./options.ts";

/** Values beyond this quantile of the absolute values are shown as the end of the scale. */
const QUANTILE = 0.995;

/** What the images are made of. */
export interface AttributionView {
  /** [1, C, H, W] */
  readonly attribution: Tensor<"float32">;
  /** The image as the network sees it. */
  readonly image: Image;
  readonly label: string;
  readonly options: IntegratedGradientsOptions;
}

/** The attribution over the image, and by itself, both summed over the colour channels. */
export function attributionImages(view: AttributionView): Record<string, Image> {
  const { attribution: { data, dims }, image, label, options } = view;
  const [, channels, height, width] = dims;
  const area = height * width;
  const values = Float32Array.from({ length: area }, (_, i) => {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += data[c * area + i];
    return sum;
  });
  const sizes = values.map(Math.abs);
  const sorted = sizes.toSorted();
  const most = sorted[Math.floor(QUANTILE * (area - 1))] || sorted[area - 1] || 1;
  const size = bodySize(height, width);
  const enlarged = (image: Image) => resize(image, size.width, size.height);
  const bar = (map: typeof BLUE_RED, range: ValueRange, caption: string) =>
    colorBar(map, range, { width: size.width, caption, scale: FONT_SCALE });
  const signed = { min: -most, max: most };
  const what = options.kind === "integrated"
    ? `Integrated gradients, ${options.steps} steps from ${BASELINES[options.baseline]}`
    : `Input x gradient, from ${BASELINES[options.baseline]}`;
  const panels = {
    attribution: drawPanel({
      title: label.split(",")[0],
      text: what,
      body: enlarged(heatmap({ width, height, values }, BLUE_RED, signed)),
      legend: bar(BLUE_RED, signed, "red supports, blue opposes"),
    }),
    overlay: drawPanel({
      title: "Over the image",
      text: "Its size, whether it supports the class or opposes it",
      body: overlay(enlarged(image), { width, height, values: sizes }, VIRIDIS, {
        range: { min: 0, max: most },
      }),
      legend: bar(VIRIDIS, { min: 0, max: most }, "share of the logit"),
    }),
  };
  const tiles = Object.values(panels).map((image) => ({ image }));
  return { ...panels, figure: montage(tiles, { columns: 2, gap: 0 }) };
}

const BASELINES: Readonly<Record<IntegratedGradientsOptions["baseline"], string>> = {
  zero: "zeros",
  blur: "the blurred image",
  mean: "its mean colour",
  noise: "noise",
};
