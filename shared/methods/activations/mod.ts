/**
 * The activations of a layer for an image: every channel as a map.
 *
 * @module
 */
import { type ChannelMaps, channelMaps } from "../../network/channel_maps.ts";
import { defaultLayer } from "../../network/layer_names.ts";
import { requireFinite } from "../../network/require_finite.ts";
import { YOSINSKI_2015 } from "../../contract/papers.ts";
import type { Context, ImageInputs, Method, Run } from "../../contract/method.ts";
import { type ActivationsOptions, activationsOptions } from "./options.ts";
import { activationFigure } from "./figures.ts";

export * from "./options.ts";

/** How many of the strongest channels the measures name. */
const NAMED = 10;

/** What each channel of a layer makes of an image. */
export const activations: Method<ActivationsOptions, ImageInputs> = {
  id: "activations",
  title: "Activations",
  summary: "Shows every channel of a layer as a map of where it responds to the image.",
  paper: YOSINSKI_2015,
  takes: { image: "required" },
  options: activationsOptions,
  run,
};

async function* run(
  { network, signal }: Context,
  { image: input }: ImageInputs,
  options: ActivationsOptions,
): Run {
  yield { done: 0, total: 1, unit: "forward passes" };
  const layer = options.layer === "auto" ? defaultLayer(network) : options.layer;
  const results = await network.forward(input.tensor, [layer], { signal });
  const { [layer]: tensor } = results;
  const maps = channelMaps(tensor, layer);
  const size = maps.height * maps.width;
  for (let channel = 0; channel < maps.channels; channel++) {
    const values = maps.values.subarray(channel * size, (channel + 1) * size);
    requireFinite(values, `show "${layer}"`, `channel ${channel}`);
  }
  return {
    figures: { figure: activationFigure(maps, layer, options) },
    images: {},
    arrays: { activations: tensor },
    measures: {
      layer: network.resolveLayer(layer),
      channels: maps.channels,
      dead: peaks(maps).filter((peak) => peak <= 0).length,
      strongest: strongest(maps),
    },
  };
}

/** The largest activation of each channel. */
function peaks({ channels, height, width, values }: ChannelMaps): number[] {
  const area = height * width;
  return Array.from(
    { length: channels },
    (_, c) => values.subarray(c * area, (c + 1) * area).reduce((a, b) => Math.max(a, b), -Infinity),
  );
}

/** The channels with the largest peaks, and where those are. */
function strongest(maps: ChannelMaps) {
  const { height, width, values } = maps;
  const area = height * width;
  return peaks(maps)
    .map((peak, channel) => ({ channel, peak }))
    .sort((a, b) => b.peak - a.peak)
    .slice(0, NAMED)
    .map(({ channel, peak }) => {
      const at = values.subarray(channel * area, (channel + 1) * area).indexOf(peak);
      return { channel, peak, row: Math.floor(at / width), column: at % width };
    });
}
