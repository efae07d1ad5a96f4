import { imagePanel, inputPanel, sumChannels } from "../../contract/panels.ts";
import { type Figure, onSource, type Panel, type Placed } from "../../figure/mod.ts";
import { BLUE_RED, type Image, type ValueRange, VIRIDIS } from "../../image/mod.ts";
import { formatNumber } from "../../printable.ts";
import { sizeQuantile } from "../../tensor/stats.ts";
import { shortLabel } from "../../models/labels.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { ChannelRelevance } from "./channels.ts";
import type { LrpOptions } from "./options.ts";

/** Values beyond this quantile of the absolute values are shown as the end of the scale. */
const QUANTILE = 0.995;

/** What the figures are made of. */
export interface LrpView {
  readonly input: Placed;
  readonly label: string;
  readonly quantity: string;
  readonly options: LrpOptions;
}

const RULES: Readonly<Record<LrpOptions["rule"], string>> = {
  composite: "composite rule: flat, z+, epsilon",
  epsilon: "epsilon rule",
  gamma: "gamma rule",
  zplus: "z+ rule",
};

/** The relevance by itself, and its size over the image, both summed over the colour channels. */
export function relevanceFigure(view: LrpView, relevance: Tensor<"float32">): Figure {
  const { input, label, quantity, options } = view;
  const grid = sumChannels(relevance);
  const most = sizeQuantile(grid.values, QUANTILE);
  const size = { min: 0, max: most };
  return {
    title: `Layer-wise relevance: ${shortLabel(label)}`,
    caption: `How much of the ${quantity} comes from each pixel (${RULES[options.rule]}).`,
    panels: [
      inputPanel(input),
      signedPanel(input, relevance, { min: -most, max: most }, {
        id: "relevance",
        title: "Relevance",
        text: "Signed; the sum over the colour channels.",
      }),
      {
        id: "overlay",
        title: "Over the image",
        text: "Its size, whether it supports the target or opposes it.",
        ...onSource(input, "grey", (at) => [{
          kind: "heat map",
          grid: { ...grid, values: grid.values.map(Math.abs) },
          colormap: VIRIDIS,
          ...{ range: size, at, opacity: 0.6 },
        }]),
        scale: { colormap: VIRIDIS, range: size, caption: `share of the ${quantity}` },
      },
    ],
  };
}

/**
 * What went through each channel, each on its own scale, the most relevant first; beside it, what
 * activates the channel.
 */
export function channelsFigure(
  { input, label }: LrpView,
  layer: string,
  channels: readonly ChannelRelevance[],
  visualized?: readonly Image[],
): Figure {
  return {
    title: `Relevant channels: ${shortLabel(label)}`,
    caption: `The channels of ${layer} that most of the score goes through, and the pixels that ` +
      "it comes from; each map has a scale of its own.",
    ...visualized && { columns: 2 },
    panels: channels.flatMap(({ channel, relevance, share, map }, i) => {
      const most = sizeQuantile(sumChannels(map).values, QUANTILE);
      const relevant = signedPanel(input, map, { min: -most, max: most }, {
        id: `channel-${channel}`,
        title: `Channel ${channel}`,
        text: `Relevance ${formatNumber(relevance)}, ${
          (100 * share).toFixed(1)
        } % of all channels'.`,
      });
      if (!visualized) return [relevant];
      const words = { id: `visualization-${channel}`, title: `What activates channel ${channel}` };
      const text = "Feature visualization: an image synthesised from noise.";
      return [relevant, imagePanel(visualized[i], { ...words, text })];
    }),
  };
}

function signedPanel(
  input: Placed,
  relevance: Tensor<"float32">,
  range: ValueRange,
  words: Pick<Panel, "id" | "title" | "text">,
): Panel {
  return {
    ...words,
    ...onSource(input, "grey", (at) => [
      { kind: "heat map", grid: sumChannels(relevance), colormap: BLUE_RED, range, at },
    ]),
    scale: { colormap: BLUE_RED, range, caption: "red supports the target, blue opposes it" },
  };
}
