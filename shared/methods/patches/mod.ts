/**
 * What each channel of a layer responds to most in a folder of images, and to least.
 *
 * @module
 */
import type { Box } from "../../image/mod.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";
import { channelList } from "../../network/units.ts";
import type { ChannelRanking } from "../../ranking/channel_ranking.ts";
import { cropPatches, type Patches } from "../../ranking/crop_patches.ts";
import { defaultLayer } from "../../network/layer_names.ts";
import { receptiveField } from "../../network/receptive_field.ts";
import type { Context, Corpus, CorpusInputs, Method, Run } from "../../contract/method.ts";
import { type TopPatches, topPatches } from "../../ranking/top_patches.ts";
import { type PatchesOptions, patchesOptions } from "./options.ts";
import { patchFigure, patchSheet, rowHeight } from "./figures.ts";

export * from "./options.ts";

/** Channels of a layer that are looked at unless others are asked for. */
const CHANNELS = 128;

/** The patches of a corpus that activate the channels of a layer most and least. */
export const patches: Method<PatchesOptions, CorpusInputs> = {
  id: "patches",
  title: "Patches",
  summary: "Shows the parts of a folder of images that activate each channel of a layer most.",
  paper: {
    title: "Rich Feature Hierarchies for Accurate Object Detection and Semantic Segmentation",
    authors: "Ross Girshick, Jeff Donahue, Trevor Darrell, Jitendra Malik",
    venue: "CVPR",
    year: 2014,
    url: "https://arxiv.org/abs/1311.2524",
  },
  takes: { corpus: "required" },
  options: patchesOptions,
  run,
};

async function* run(context: Context, { corpus }: CorpusInputs, options: PatchesOptions): Run {
  const { network } = context;
  const layer = options.layer === "auto" ? defaultLayer(network) : options.layer;
  const channels = (count: number) =>
    options.channels === "auto"
      ? Array.from({ length: Math.min(count, CHANNELS) }, (_, channel) => channel)
      : channelList(options.channels, count, `the layer "${layer}"`);
  const found = yield* topPatches(context, corpus, { layer, channels, count: options.count });
  const { top, least } = found;
  const [most, fewest] = yield* cropPatches(context, corpus, found, [top, least]);
  const { width, height, isWhole } = receptiveField(network, found.layer);
  const seen = isWhole
    ? "Each unit sees the whole image."
    : `Each unit sees ${width} x ${height} pixels; grey is beyond the border.`;
  // The same for both sheets, so that their rows stand at the same height.
  const text = `A row is a channel, a patch the place that activates it most in one of ` +
    `${corpus.count} images. ${seen} Left: the channel, and its activation for the first and ` +
    `the last patch.`;
  const view = (order: string, ranking: ChannelRanking, { images }: Patches) => ({
    title: `${order}-activating patches of ${layer}`,
    ...{ text, channels: found.channels, ranking, patches: images },
  });
  const [topView, leastView] = [view("Top", top, most), view("Least", least, fewest)];
  const sheets = { top: patchSheet(topView), least: patchSheet(leastView) };
  return {
    figures: {
      "figure": patchFigure(topView, sheets.top),
      "figure-least": patchFigure(leastView, sheets.least),
    },
    images: sheets,
    arrays: {
      ...arraysOf("", found, top, most),
      ...arraysOf("least_", found, least, fewest),
    },
    measures: {
      layer: found.layer,
      channels: found.channels,
      images: corpus.count,
      count: top.count,
      dead: found.channels.filter((_, row) => top.values[row * top.count] <= 0),
      field: isWhole ? "the whole image" : { width, height },
      rowHeight: rowHeight(found.channels),
      names: namesOf(corpus, [top, least]),
    },
  };
}

function arraysOf(
  prefix: string,
  { channels, width }: TopPatches,
  { count, values, images, positions }: ChannelRanking,
  { boxes }: Patches,
): Record<string, Tensor> {
  const dims = [channels.length, count];
  const places = Array.from(positions, (at) => [Math.floor(at / width), at % width]).flat();
  const corners = boxes.flat().flatMap((box: Box) => [box.left, box.top, box.width, box.height]);
  const int32 = (data: Int32Array, extents: readonly number[]): Tensor => ({
    type: "int32",
    dims: extents,
    data,
  });
  return {
    [`${prefix}activations`]: float32(values, dims),
    [`${prefix}images`]: int32(images, dims),
    [`${prefix}positions`]: int32(Int32Array.from(places), [...dims, 2]),
    [`${prefix}boxes`]: int32(Int32Array.from(corners), [...dims, 4]),
  };
}

/** Names of the images that are shown, by their number. */
function namesOf(corpus: Corpus, rankings: readonly ChannelRanking[]): Record<string, string> {
  const shown = new Set(rankings.flatMap(({ images }) => [...images]));
  return Object.fromEntries([...shown].map((image) => [`${image}`, corpus.nameOf(image)]));
}
