/**
 * Layer-wise relevance propagation: a score is handed back through the network, and each pixel gets
 * what it adds. With a layer, also how much goes through each of its channels (concept relevance).
 *
 * @module
 */
import type {
  Context,
  ImageInputs,
  Method,
  MethodResult,
  Paper,
  Run,
} from "../../contract/method.ts";
import { sumChannels } from "../../contract/panels.ts";
import { withEvaluation } from "../../evaluation/with_evaluation.ts";
import { InputError } from "../../errors.ts";
import type { Network } from "../../network/network.ts";
import { resolveScoreTarget } from "../../network/resolve_score_target.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";
import { channelSums, relevantChannels } from "./channels.ts";
import { channelsFigure, relevanceFigure } from "./figures.ts";
import { visualizations } from "./visualizations.ts";
import { type LrpOptions, lrpOptions } from "./options.ts";
import { relevanceModel, relevanceOf, settingsOf } from "./relevance_of.ts";

export * from "./options.ts";

const MONTAVON_2019: Paper = {
  title: "Layer-Wise Relevance Propagation: An Overview",
  authors: "Grégoire Montavon, Alexander Binder, Sebastian Lapuschkin, Wojciech Samek, " +
    "Klaus-Robert Müller",
  venue: "Explainable AI",
  year: 2019,
  url: "https://doi.org/10.1007/978-3-030-28954-6_10",
};

/** What each pixel, and each channel of a layer, adds to a score. */
export const lrp: Method<LrpOptions, ImageInputs> = {
  id: "lrp",
  title: "Layer-wise relevance propagation (LRP)",
  summary: "Hands the score of a class back through the layers to the pixels that it comes from.",
  paper: MONTAVON_2019,
  takes: { image: "required", guide: "optional" },
  options: lrpOptions,
  run,
  async emit({ network, signal }, { image, guide }, options) {
    const request = { ...options, input: image.tensor, guide: guide?.tensor };
    const target = await resolveScoreTarget(network, request, { signal });
    const wrt = tensorsOf(network, options);
    return relevanceModel(network, target, settingsOf(options), wrt).model;
  },
};

/** The image, and the layer that is asked for. */
function tensorsOf(network: Network, { layer }: LrpOptions): string[] {
  if (layer === undefined) return [network.inputName];
  const found = network.resolveLayer(layer);
  const dims = network.facts.get(found)?.dims ?? [];
  if (dims.length >= 2 && dims[0] === 1) return [network.inputName, network.tensorOf(found)];
  throw new InputError(
    `Cannot find the channels of "${layer}": its shape is [${dims}], expected [1, channels, ...]`,
  );
}

async function* run(
  context: Context,
  { image: { tensor: input, ...seen }, guide }: ImageInputs,
  options: LrpOptions,
): Run {
  const { network, signal } = context;
  const wrt = tensorsOf(network, options);
  yield { done: 0, total: 1, unit: "maps" };
  const request = { ...options, input, guide: guide?.tensor };
  const target = await resolveScoreTarget(network, request, { signal });
  const settings = settingsOf(options);
  const { score, found } = await relevanceOf(network, target, settings, { input, wrt }, { signal });
  const [relevance, ofLayer] = wrt.map((name) => found[name]);
  yield { done: 1, total: 1, unit: "maps" };
  const view = { input: seen, ...target, options };
  const concepts = ofLayer && (yield* conceptsOf());
  const sum = relevance.data.reduce((total, value) => total + value, 0);
  const made: MethodResult = {
    figures: { figure: relevanceFigure(view, relevance), ...concepts?.figures },
    images: {},
    arrays: { relevance, ...concepts?.arrays },
    measures: {
      target: target.label,
      ...target.index !== undefined && { targetIndex: target.index },
      quantity: target.quantity,
      score,
      conservation: sum / score,
      ...concepts?.measures,
    },
  };
  return yield* withEvaluation(
    context,
    made,
    options.evaluate && (() => ({
      input,
      map: Float32Array.from(sumChannels(relevance).values),
      target,
    })),
  );

  async function* conceptsOf() {
    const layer = wrt[1];
    const map = network.resolveLayer(layer) === layer ? undefined : network.mapOf(layer);
    const job = { input, layer, relevance: ofLayer, map, settings };
    const channels = yield* relevantChannels(context, job, options.channels);
    const sums = channelSums(job);
    const numbers = channels.map(({ channel }) => channel);
    const visualized = options.visualize
      ? yield* visualizations(context, network.resolveLayer(options.layer!), numbers)
      : undefined;
    return {
      figures: { channels: channelsFigure(view, options.layer!, channels, visualized) },
      arrays: {
        channel_relevance: float32(sums, [sums.length]),
        channel_maps: stacked(channels.map(({ map }) => map)),
      },
      measures: {
        layer,
        channelRelevances: channels.map(({ map: _map, ...numbers }) => numbers),
      },
    };
  }
}

/** Maps [1, C, H, W] as one array [maps, C, H, W]. */
function stacked(maps: readonly Tensor<"float32">[]): Tensor<"float32"> {
  const [, ...dims] = maps[0]?.dims ?? [1, 0];
  const size = maps[0]?.data.length ?? 0;
  const data = new Float32Array(maps.length * size);
  maps.forEach((map, i) => data.set(map.data, i * size));
  return float32(data, [maps.length, ...dims]);
}
