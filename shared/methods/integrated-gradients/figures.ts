import { sumChannels } from "../../contract/panels.ts";
import { type Figure, onSource, type Placed } from "../../figure/mod.ts";
import { BLUE_RED, VIRIDIS } from "../../image/mod.ts";
import { sizeQuantile } from "../../tensor/stats.ts";
import { shortLabel } from "../../models/labels.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { IntegratedGradientsOptions } from "./options.ts";

/** Values beyond this quantile of the absolute values are shown as the end of the scale. */
const QUANTILE = 0.995;

/** What the figure is made of. */
export interface AttributionView {
  /** [1, C, H, W] */
  readonly attribution: Tensor<"float32">;
  readonly input: Placed;
  readonly label: string;
  readonly quantity: string;
  readonly options: IntegratedGradientsOptions;
}

/** The attribution by itself, and its size over the image, both summed over the colour channels. */
export function attributionFigure(
  { attribution, input, label, quantity, options }: AttributionView,
): Figure {
  const grid = sumChannels(attribution);
  const sizes = { ...grid, values: grid.values.map(Math.abs) };
  const most = sizeQuantile(grid.values, QUANTILE);
  const [signed, size] = [{ min: -most, max: most }, { min: 0, max: most }];
  const baseline = BASELINES[options.baseline];
  const what = options.kind === "integrated"
    ? `${options.steps} steps from ${baseline}`
    : `input x gradient, from ${baseline}`;
  return {
    title: `Integrated gradients: ${shortLabel(label)}`,
    caption: `How much of the ${quantity} each pixel accounts for (${what}).`,
    panels: [{
      id: "attribution",
      title: "Attribution",
      text: "Signed; the sum over the colour channels.",
      ...onSource(input, "grey", (at) => [
        { kind: "heat map", grid, colormap: BLUE_RED, range: signed, at },
      ]),
      scale: {
        colormap: BLUE_RED,
        range: signed,
        caption: "red supports the class, blue opposes it",
      },
    }, {
      id: "overlay",
      title: "Over the image",
      text: "Its size, whether it supports the class or opposes it.",
      ...onSource(input, "grey", (at) => [
        { kind: "heat map", grid: sizes, colormap: VIRIDIS, range: size, at, opacity: 0.6 },
      ]),
      scale: { colormap: VIRIDIS, range: size, caption: `share of the ${quantity}` },
    }],
  };
}

const BASELINES: Readonly<Record<IntegratedGradientsOptions["baseline"], string>> = {
  zero: "zeros",
  blur: "the blurred image",
  mean: "its mean colour",
  noise: "noise",
};
